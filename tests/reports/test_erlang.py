"""Erlang A against what others have published, and against Erlang C where nobody gives up."""

import heapq
import random
from math import factorial, inf, isclose

import pytest

from contactcenter.reports.erlang import outlook

# Garnett, Mandelbaum and Reiman (2002), table 1: 50 agents, 48 calls a minute that last one minute.
SAME_CENTRE = {"agents": 50, "calls": 48, "over_s": 60, "handling_s": 60}


def test_with_impatient_callers_as_published():
    found = outlook(**SAME_CENTRE, patience_s=120, within_s=20)

    assert round(found.abandoned * 100, 1) == 3.1
    assert round(found.wait_s, 1) == 3.7
    assert round(found.occupancy * 100) == 93


def test_with_callers_who_wait_for_ever_as_published():
    found = outlook(**SAME_CENTRE, patience_s=inf, within_s=58.1)

    assert round(found.wait_s, 1) == 20.8
    assert round(found.within * 100) == 90  # 58.1 s is the published ninth decile
    assert round(found.occupancy * 100) == 96
    assert found.abandoned == 0


def test_erlang_c_as_in_the_well_known_worked_example():
    """360 calls of 240 s in half an hour, 55 agents: 23.9 % wait, 84.6 % within 15 s, 8.2 s on average."""
    found = outlook(55, calls=360, over_s=1800, handling_s=240, patience_s=inf, within_s=15)

    assert round(found.waiting, 3) == 0.239
    assert round(found.within, 3) == 0.846
    assert round(found.wait_s, 1) == 8.2


@pytest.mark.parametrize(("agents", "load"), [(1, 0.5), (14, 10.0), (40, 38.0)])
def test_erlang_c_is_the_limit_of_patience(agents, load):
    """Against the closed formula, summed term by term."""
    last = load**agents / factorial(agents) * agents / (agents - load)
    waiting = last / (sum(load**n / factorial(n) for n in range(agents)) + last)

    at_the_limit = outlook(agents, calls=load, over_s=200, handling_s=200, patience_s=inf, within_s=60)
    nearly = outlook(agents, calls=load, over_s=200, handling_s=200, patience_s=1e9, within_s=60)

    assert isclose(at_the_limit.waiting, waiting, rel_tol=1e-9)
    assert isclose(nearly.waiting, waiting, rel_tol=1e-4)
    assert isclose(nearly.within, at_the_limit.within, rel_tol=1e-4)
    assert isclose(nearly.wait_s, at_the_limit.wait_s, rel_tol=1e-3)


def test_the_share_answered_in_time_is_what_a_simulated_centre_does():
    """Not our formula: calls, agents and patience drawn by a seeded generator, first come first served."""
    chance, free, now, in_time, calls = random.Random(7), [0.0] * 8, 0.0, 0, 150_000
    for _number in range(calls):
        now += chance.expovariate(9 / 300)
        begins = max(now, free[0])
        if begins - now <= chance.expovariate(1 / 400):
            heapq.heapreplace(free, begins + chance.expovariate(1 / 300))
            in_time += begins - now <= 45

    found = outlook(8, calls=9, over_s=300, handling_s=300, patience_s=400, within_s=45)

    assert isclose(found.within, in_time / calls, abs_tol=0.01)


def test_who_is_not_answered_has_given_up():
    """After a very long while every call is one or the other."""
    found = outlook(10, calls=15, over_s=300, handling_s=300, patience_s=600, within_s=36_000)

    assert isclose(found.within, 1 - found.abandoned, rel_tol=1e-6)


def test_far_too_many_calls_are_still_counted():
    found = outlook(2, calls=10_000, over_s=3600, handling_s=480, patience_s=7200, within_s=180)

    assert found.abandoned > 0.99
    assert isclose(found.occupancy, 1)


def test_without_abandonment_too_much_work_is_refused():
    with pytest.raises(ValueError, match="below the number of agents"):
        outlook(10, calls=10, over_s=60, handling_s=60, patience_s=inf, within_s=20)


@pytest.mark.parametrize("wrong", [{"agents": 0}, {"calls": 0}, {"handling_s": 0}, {"patience_s": 0}])
def test_nothing_is_refused(wrong):
    facts = {"agents": 3, "calls": 2, "over_s": 60, "handling_s": 60, "patience_s": 60, "within_s": 20}

    with pytest.raises(ValueError, match="more than nothing"):
        outlook(**{**facts, **wrong})
