"""The telephone's figures: each call once, under one fate, and the sum adds up whatever happens."""

import random
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from contactcenter.intake.services import receive
from contactcenter.offices.hours import forget
from contactcenter.reports.calls import Fate, Owed, calls_between
from contactcenter.reports.period import Period, report
from contactcenter.reports.phone import by_interval, figures
from contactcenter.routing import calls as live
from contactcenter.routing import holding, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Assignment
from ivr.models import Call, Leg
from ivr.services import calls, conversations, ending, legs, slots, texts, waiting
from tests.factories import WEEK, a_caller, a_ticket, an_agent, an_office
from tests.reports.histories import MONDAY, Clock, History

pytestmark = pytest.mark.django_db


def all_calls(clock: Clock):
    return calls_between(MONDAY - timedelta(days=1), clock.at + timedelta(seconds=1), None)


SEEDS = range(10)
ENDS: dict[int, Counter[str]] = {}  # what the calls of each history came to


@pytest.mark.parametrize("seed", SEEDS)
def test_every_call_is_counted_once_and_the_sum_adds_up(clock, seed):
    history = History(an_office(), clock, random.Random(seed))
    history.live(120)
    ENDS[seed] = Counter(caller.fate for caller in history.callers)

    contacts = all_calls(clock)
    found = figures(contacts)

    booked = Counter(caller.fate for caller in history.callers if caller.fate)
    assert {fate.value: count for fate, count in found.counts.items() if count} == dict(booked)
    assert found.offered == sum(found.counts.values()) == sum(booked.values())

    starts = [MONDAY + timedelta(minutes=30 * number) for number in range(20)]
    parts = by_interval(contacts, starts)
    assert sum(part.offered for part in parts) == found.offered
    assert [part.counts for part in parts] == [
        figures(calls_between(start, start + timedelta(minutes=30), None)).counts for start in starts[:-1]
    ] + [figures(calls_between(starts[-1], clock.at + timedelta(days=1), None)).counts]


def test_the_histories_come_to_every_end():
    """Else the sums above would prove little."""
    if set(ENDS) != set(SEEDS):
        pytest.skip("The histories above were not all lived in this run.")

    assert {fate.value for fate in Fate} <= set().union(*ENDS.values())


def test_a_call_queued_again_keeps_its_place_and_counts_once(clock):
    item = receive(a_caller(occurred_at=clock.at)).work_items.get()
    agent = an_agent()
    clock.forward(30)
    routing.take(item.pk, agent)
    clock.forward(5)
    routing.requeue(item.pk, actor="system", why="leg_lost")
    clock.forward(60)
    routing.take(item.pk, agent)
    live.connected(item.pk)

    found = figures(all_calls(clock))

    assert found.offered == found.counts[Fate.ANSWERED] == 1
    assert found.asa_s == 95
    assert found.service_level == 1


def test_handling_counts_the_after_work(clock):
    item = receive(a_caller(occurred_at=clock.at)).work_items.get()
    clock.forward(20)
    routing.take(item.pk, an_agent())
    live.connected(item.pk)
    clock.forward(300)
    live.over(item.pk, outcome="served")
    before = figures(all_calls(clock)).aht_s
    clock.forward(45)
    Assignment.objects.update(lease_until=clock.at)
    sweeps.sweep_leases()

    assert before is None
    assert figures(all_calls(clock)).aht_s == 345


def test_of_the_handling_the_time_on_hold_is_told_whatever_ended_it(clock):
    by, call = an_agent(), calls.begin("CA1", number="+33639980001", line=an_office().phone)
    waiting.wait(call)
    item = routing.take_next(by).work_item
    legs.connect(item.pk, by.agent_id, "+33199000099")
    legs.joined(Leg.objects.get())
    call = legs.connected(call)
    clock.forward(100)
    conversations.hold(call, by)
    clock.forward(40)
    conversations.resume(call, by)
    clock.forward(20)
    conversations.hold(call, by)
    clock.forward(10)
    ending.end(Call.objects.get(pk=call.pk))
    routing.done(item.pk, by)

    found = figures(all_calls(clock))

    assert (found.aht_s, found.hold_s) == (170, 50)


def test_late_is_answered_but_not_in_time(clock):
    for wait in (100, 179, 181, 500):
        item = receive(a_caller(occurred_at=clock.at - timedelta(seconds=wait))).work_items.get()
        routing.take(item.pk, an_agent())
        live.connected(item.pk)

    found = figures(all_calls(clock))

    assert (found.service_level, found.answered_share, found.wait_p90_s) == (0.5, 1.0, 500)


def test_shares_are_told_with_and_without_short_calls(clock):
    for wait, answered in ((5, False), (60, False), (60, True)):
        item = receive(a_caller(occurred_at=clock.at - timedelta(seconds=wait))).work_items.get()
        if answered:
            routing.take(item.pk, an_agent())
            live.connected(item.pk)
        else:
            routing.withdraw(item.pk, actor="system", outcome="abandoned")

    found = figures(all_calls(clock))

    assert (found.counts[Fate.SHORT], found.counts[Fate.ABANDONED]) == (1, 1)
    assert (found.answered_share, found.answered_share_with_short) == (1 / 2, 1 / 3)


@pytest.mark.parametrize(("threshold", "short"), [(5, 0), (6, 1), (60, 1), (61, 2)])
def test_how_soon_a_call_is_a_short_one_is_set_by_the_office(clock, settings, threshold: int, short: int):
    settings.CC_SHORT_ABANDON_S = threshold
    for wait in (5, 60):
        item = receive(a_caller(occurred_at=clock.at - timedelta(seconds=wait))).work_items.get()
        routing.withdraw(item.pk, actor="system", outcome="abandoned")

    assert figures(all_calls(clock)).counts[Fate.SHORT] == short


def test_who_still_waits_weighs_on_no_share(clock):
    receive(a_caller(occurred_at=clock.at))

    found = figures(all_calls(clock))

    assert found.counts[Fate.WAITING] == 1
    assert found.service_level is found.answered_share is found.asa_s is None


def test_a_promised_callback_is_kept_when_the_person_was_reached_in_time(clock):
    for reached_after, outcome in ((60, "reached"), (100_000, "reached"), (60, "no_number")):
        item = receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get()
        clock.forward(reached_after)
        holding.finish(item, "system", outcome)

    found = figures(all_calls(clock))

    assert (found.callbacks_promised, found.callbacks[Owed.KEPT]) == (3, 1)
    assert (found.counts[Fate.CALLED_BACK], found.counts[Fate.ABANDONED]) == (2, 1)


def test_each_callback_and_each_hour_has_one_fate_and_the_intervals_add_up_to_the_whole(clock):
    office = an_office()
    for outcome in ("reached", "unreached", "told_in_writing", "called_again", ""):
        item = receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get()
        slots.promise(office, item.pk, clock.at)
        clock.forward(60)
        if outcome == "reached":
            slots.kept(item.pk)
        if outcome:
            holding.finish(item, "system", outcome)
    slots.promise(office, receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get().pk, clock.at)
    clock.forward(4000)

    whole = report(Period(first=MONDAY.date(), monthly=False, zone=ZoneInfo("Europe/Paris")), None, clock.at)

    total = whole.total.phone
    assert total.callbacks == {Owed.KEPT: 1, Owed.LATE: 0, Owed.UNREACHED: 2, Owed.SETTLED: 1, Owed.OPEN: 2}
    assert (total.callbacks_promised, total.hours, total.hours_missed) == (6, 6, 2)
    for owed in Owed:
        assert sum(row.phone.callbacks[owed] for row in whole.rows) == total.callbacks[owed]
    assert sum(row.phone.hours_missed for row in whole.rows) == total.hours_missed


def test_the_hours_promised_for_later_today_are_in_no_row_and_not_in_the_sum(clock):
    for hours in (0, 0, 3):
        item = receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get()
        slots.promise(an_office(), item.pk, clock.at + timedelta(hours=hours))
    today = Period(first=MONDAY.date(), monthly=False, zone=ZoneInfo("Europe/Paris"))

    now, tonight = (report(today, None, clock.at + timedelta(hours=hours)) for hours in (0, 14))

    assert (now.total.phone.hours, tonight.total.phone.hours) == (2, 3)
    for found in (now, tonight):
        assert sum(row.phone.hours for row in found.rows) == found.total.phone.hours


def test_a_callback_for_an_hour_is_kept_when_the_person_is_reached_within_that_hour(clock):
    for reached_after in (3000, 4000):
        item = receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get()
        slots.promise(an_office(), item.pk, clock.at)
        clock.forward(reached_after)
        item.refresh_from_db()
        holding.finish(item, "system", "reached")

    found = figures(all_calls(clock))

    assert (found.callbacks[Owed.KEPT], found.callbacks[Owed.LATE]) == (1, 1)


def test_a_callback_is_kept_by_when_the_person_was_reached_however_long_they_spoke(clock):
    promised, hour = (receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get() for _each in range(2))
    slots.promise(an_office(), hour.pk, clock.at)
    for item, at in ((promised, 75), (hour, 56 * 60)):
        clock.at = MONDAY + timedelta(seconds=at)
        routing.take(item.pk, an_agent(), reason="test")
        live.connected(item.pk)
        clock.forward(360)
        live.over(item.pk, outcome="reached")
        clock.forward(120)
        holding.finish(holding.held(item.pk), "system", "wrapped_up")

    assert figures(all_calls(clock)).callbacks[Owed.KEPT] == 2


def test_a_callback_passed_on_in_its_talk_is_kept_by_when_the_person_was_first_reached(clock):
    first, second = (Agent.objects.get(pk=an_agent().agent_id) for _each in range(2))
    heard, unheard = (receive(a_caller(needs="callback", occurred_at=clock.at)).work_items.get() for _each in range(2))
    for item in (heard, unheard):
        slots.promise(an_office(), item.pk, MONDAY)
        clock.at = MONDAY + timedelta(minutes=5)
        holding.hand_to(item, first)
        live.connected(item.pk)
        clock.forward(65 * 60)
        routing.move(item.pk, actor="system", agent=second)
        if item == heard:
            live.connected(item.pk)
        holding.finish(holding.held(item.pk), "system", "reached")

    assert figures(all_calls(clock)).callbacks[Owed.KEPT] == 2


def test_texts_mails_and_the_other_office_are_not_calls(clock):
    texts.text_received("SM1", number="+33639980001", line=an_office().phone, text="Bonjour")
    a_ticket()
    receive(a_caller(office=an_office("hautmont"), occurred_at=clock.at))
    receive(a_caller(occurred_at=clock.at))
    clock.forward(1)

    assert figures(calls_between(MONDAY, clock.at, [an_office().pk])).offered == 1
    assert figures(calls_between(MONDAY, clock.at, None)).offered == 2


def test_who_leaves_a_message_on_a_closed_line_was_not_missed(clock):
    """The share is of those who asked for a human while one was promised; the sum counts everybody."""
    office = an_office("hautmont", hours=WEEK)
    forget()
    at_night = clock.at.replace(hour=3)
    receive(a_caller(office=office, needs="message", occurred_at=at_night))
    missed = receive(a_caller(office=office, occurred_at=clock.at)).work_items.get()
    answered = receive(a_caller(office=office, occurred_at=clock.at)).work_items.get()
    clock.forward(60)
    routing.withdraw(missed.pk, actor="system", outcome="abandoned")
    routing.take(answered.pk, an_agent(office=office), reason="test")
    live.connected(answered.pk)

    found = figures(all_calls(clock))

    assert (found.offered, found.counts[Fate.MESSAGE]) == (3, 1)
    assert found.answered_share == found.answered_share_with_short == found.service_level == 1 / 2


def test_a_day_costs_four_queries_however_many_calls(clock, django_assert_num_queries):
    for _number in range(30):
        receive(a_caller(occurred_at=clock.at))
    all_calls(clock)  # the hours of the office are known for half a minute

    with django_assert_num_queries(4):
        assert len(all_calls(clock)) == 30
