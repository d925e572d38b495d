"""The simulated days: the same people under every order, nobody lost, and the product's own rule at work."""

from dataclasses import replace

import pytest

from bench import queue_day
from bench.queue_day import DAY, KINDS, ORDERS, SCENES, Day, one_run

SMALL = [replace(scene, agents=8, days=3, warm_up=1) for scene in SCENES]


@pytest.mark.parametrize("scene", SMALL, ids=lambda scene: scene.name)
@pytest.mark.parametrize("name", ORDERS)
def test_everything_that_came_was_taken_left_or_still_waits(scene, name):
    order, cap = ORDERS[name]
    day = Day(scene, order, cap, seed=3)

    outcome = day.run()

    for kind in KINDS:
        mine = [item for item in day.items.values() if item.kind == kind]
        taken, left = sum(item.taken is not None for item in mine), sum(item.left for item in mine)
        assert taken + left + outcome.left_over[kind] == len(mine)
    assert not any(item.left and item.taken is not None for item in day.items.values())


def test_the_same_seed_brings_the_same_people_under_every_order():
    came = []
    for order, cap in ORDERS.values():
        came.append([(item.kind, item.came, item.takes) for item in Day(SMALL[1], order, cap, seed=5).items.values()])

    assert all(one == came[0] for one in came)
    assert one_run(SMALL[1], "ours", 5).answered == one_run(SMALL[1], "ours", 5).answered


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_so_much_work_comes_as_the_scene_says(scene):
    came = list(queue_day.arrivals(scene, queue_day.random.Random(1)))

    work = sum(item.takes for item in came)

    assert work / (scene.agents * (scene.days + scene.warm_up) * DAY) == pytest.approx(scene.load, rel=0.03)


def test_the_more_is_in_written_work_than_the_cap_allows_the_longer_it_waits():
    free, capped = (one_run(SMALL[1], name, 1) for name in ("ours", "ours, cap 35 %"))

    assert capped.answered >= free.answered
    assert capped.ratio_p90["paper"] >= free.ratio_p90["paper"]


def test_growing_is_told_from_swinging():
    assert queue_day.grows([float(day) for day in range(30)])
    assert not queue_day.grows([1.0, 2.0, 1.0] * 10)
