"""How long a caller will wait: a range that most of those served find true, and that never jumps without a word."""

import pytest

from ivr.estimate import Pace, Range, announced, got_worse, may_be_told, naive_wait_s, offers_slot, wait_s


def test_with_nobody_before_one_waits_for_the_first_agent_to_be_free():
    assert wait_s(0, Pace(agents=4, handling_s=240)) == pytest.approx(60)


def test_who_gives_up_before_one_makes_the_wait_shorter():
    patient, impatient = Pace(agents=4, handling_s=240), Pace(agents=4, handling_s=240, leaving=1 / 1200)

    assert wait_s(20, patient) == pytest.approx(naive_wait_s(20, patient)) == pytest.approx(21 * 60)
    assert wait_s(20, impatient) == pytest.approx(sum(1 / (1 / 60 + k / 1200) for k in range(21)))
    assert wait_s(20, impatient) < 0.75 * wait_s(20, patient)


def test_nobody_there_is_no_wait_at_all():
    assert wait_s(3, Pace(agents=0)) is None


def test_a_queue_that_stands_still_is_at_least_as_long_as_its_first_has_waited():
    assert wait_s(0, Pace(agents=5, handling_s=300, standing_s=600)) == 600


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (0, Range(low=0, high=2)),
        (60, Range(low=0, high=2)),
        (150, Range(low=0, high=5)),
        (240, Range(low=2, high=10)),
        (600, Range(low=5, high=15)),
        (1000, Range(low=10, high=30)),
        (1200, Range(low=10, high=30)),
        (1201, Range(low=10, high=None)),
        (4000, Range(low=30, high=None)),
    ],
)
def test_what_is_said_is_a_range_with_edges_that_are_easy_to_say(expected, said):
    assert announced(expected) == said
    assert said.holds(expected)


def test_more_than_one_step_worse_is_not_said_without_an_apology():
    assert not got_worse(None, Range(low=10, high=30))
    assert not got_worse(5, Range(low=2, high=10))
    assert got_worse(5, Range(low=5, high=15))
    assert got_worse(15, Range(low=10, high=None))
    assert not got_worse(30, Range(low=10, high=None))
    assert not got_worse(0, Range(low=30, high=None))


def test_a_place_never_moves_backwards():
    assert may_be_told(3, None)
    assert may_be_told(3, 3)
    assert may_be_told(2, 3)
    assert not may_be_told(4, 3)


def test_from_half_an_hour_on_a_slot_is_offered():
    assert not offers_slot(1799)
    assert offers_slot(1800)
