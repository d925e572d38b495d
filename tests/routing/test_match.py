"""Who gets what next: the most late by its own promise, within reserve and cap."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.routing.match import Asker, Floor, in_order, match, reserve
from contactcenter.routing.score import Candidate

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_candidate(
    number: int = 1, *, age_s: float = 60, target_s: int = 180, live: bool = False, late: int = 0
) -> Candidate:
    return Candidate(
        id=number,
        age_s=age_s,
        target_s=target_s,
        enqueued_at=NOON - timedelta(seconds=late),
        due_at=NOON,
        live=live,
    )


def test_the_most_late_by_its_own_promise_is_next_whatever_its_channel():
    call = a_candidate(1, age_s=171, target_s=180, live=True)
    letter = a_candidate(2, age_s=40 * 3600, target_s=40 * 3600)

    assert [one.id for one in in_order([call, letter])] == [2, 1]


def test_ties_go_to_the_longest_waiting_then_to_the_first_due_then_to_the_lowest_number():
    due_first = replace(a_candidate(4), due_at=NOON - timedelta(seconds=1))
    twins = [a_candidate(3), a_candidate(1), due_first, a_candidate(2, late=5)]

    assert [one.id for one in in_order(twins)] == [2, 4, 1, 3]


KNOWS, LONGEST_IDLE = 7, 8


def who_gets(**knows: object) -> int | None:
    """Who gets a call of whose ticket one agent knows, beside one who has been idle for longer."""
    call = replace(a_candidate(live=True), last_agent=KNOWS)
    askers = [Asker(id=KNOWS, **{"since": NOON, **knows}), Asker(id=LONGEST_IDLE, since=NOON - timedelta(hours=1))]
    ((_call, asker),) = match([call], askers, {})
    return asker.id


def test_who_knows_the_ticket_is_preferred_while_idle_and_never_waited_for():
    assert who_gets() == KNOWS
    assert who_gets(idle=False) == LONGEST_IDLE  # they write
    assert who_gets(calls=False) == LONGEST_IDLE  # they speak
    alone = [Asker(id=LONGEST_IDLE)]
    assert [one.id for _call, one in match([replace(a_candidate(live=True), last_agent=KNOWS)], alone, {})]


def test_who_knows_a_ticket_does_not_bring_it_forward():
    known, older = replace(a_candidate(1, age_s=60), last_agent=KNOWS), a_candidate(2, age_s=61)

    assert [one.id for one, _asker in match([known, older], [Asker(id=KNOWS)], {})] == [2]


def test_a_lone_agent_always_gets_work():
    assert reserve(1) == 0
    assert reserve(19) == 0
    assert reserve(40) == 2
    assert in_order([a_candidate()], Floor(available=1, idle=1))


def test_the_reserve_is_kept_for_calls_until_the_writing_is_late():
    writing, late = a_candidate(1), a_candidate(2, age_s=200)
    call = a_candidate(3, live=True)
    last_two = Floor(available=40, idle=2)

    assert [one.id for one in in_order([writing, late, call], last_two)] == [2, 3]


def test_the_cap_holds_agents_back_from_writing_only_while_calls_wait():
    writing = a_candidate(1, age_s=500)

    assert in_order([writing], Floor(available=10, idle=5, writing=4, cap=4, calls_wait=False))
    assert not in_order([writing], Floor(available=10, idle=5, writing=4, cap=4, calls_wait=True))


@settings(deadline=None)
@given(ages=st.lists(st.floats(0, 1e6), min_size=1, max_size=20))
def test_without_a_floor_everything_comes_up_once_in_falling_score(ages: list[float]):
    ordered = in_order([a_candidate(number, age_s=age) for number, age in enumerate(ages)])

    assert sorted(one.id for one in ordered) == list(range(len(ages)))
    assert all(one.score >= other.score for one, other in itertools.pairwise(ordered))
