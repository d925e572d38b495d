"""The simulated telephone: every caller is answered, called back, unreached or still owed a call, and counted once."""

from dataclasses import replace

import pytest

from bench.phone_day import OutrankingDay, PhoneDay, Told, error, one_run
from bench.queue_day import DAY, ORDERS, SCENES

SMALL = [replace(scene, agents=8, days=3, warm_up=1) for scene in SCENES]


@pytest.mark.parametrize("scene", SMALL, ids=lambda scene: scene.name)
def test_who_is_owed_a_call_is_reached_unreached_or_waits(scene):
    day = PhoneDay(scene, *ORDERS["ours"], 3)

    phone = day.phone()

    owed = {item.id for item in day.items.values() if item.kind in ("callback", "chosen")}
    waiting = {item.id for kind in ("callback", "chosen") for item in day.lanes[kind] if not item.left}
    scheduled = {number for _at, _rank, what, number in day.events if what == "due"}
    reached = {number for number in owed if day.items[number].taken is not None}
    unreached = {number for number in owed if day.items[number].left}
    assert reached | unreached | waiting | scheduled == owed
    assert not reached & unreached
    assert len(unreached) == phone.unreached
    assert len(day.call_of) == len({call.id for call in day.call_of.values()})


def test_the_variant_puts_those_who_hung_up_before_those_who_hold_the_line():
    ours, variant = (one_run(SMALL[0], "ours", kind, 5) for kind in (PhoneDay, OutrankingDay))

    assert variant.outcome.answered <= ours.outcome.answered
    assert variant.gave_up >= ours.gave_up


def test_an_estimate_is_measured_against_what_came_of_it():
    told = [Told(expected=100, naive=200, waited=100), Told(expected=100, naive=200, waited=200)]

    assert error(told) == pytest.approx(100 / 2**0.5)
    assert error(told, naive=True) == pytest.approx(100 / 2**0.5)
    assert told[0].within
    assert Told(expected=10, naive=0, waited=119).within
    assert not Told(expected=10, naive=0, waited=121).within


def test_every_day_has_its_close_though_a_promised_hour_begins_with_it():
    day = PhoneDay(SMALL[0], *ORDERS["ours"], 3)
    end = (SMALL[0].days + SMALL[0].warm_up) * DAY
    day._owe(next(iter(day.items.values())), "chosen", began=end, at=end)

    assert len(day.run().oldest_at_close) == SMALL[0].days
