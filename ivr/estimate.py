"""How long a caller will wait, and what of it may be said (pure).

The queue-length formula, corrected for those who give up: each of the callers ahead leaves the queue at the rate at
which agents become free, or at which somebody before them loses patience. Source: W. Whitt, "Predicting queueing
delays", Management Science 45(6), 1999; R. Ibrahim and W. Whitt, "Real-time delay estimation in overloaded multiserver
queues with abandonments", Management Science 55(10), 2009. Times are seconds unless named otherwise.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import inf

EDGES_MIN = (0, 2, 5, 10, 15, 20, 30)  # what is announced begins and ends at one of these; behind the last: longer
LOW, HIGH = 0.7, 1.5  # of the estimate: most of those served have then waited within what they were told
SLOT_FROM_S = 30 * 60.0  # from so long a wait on, a callback is offered for a slot and no longer for one's place
STANDS_STILL = timedelta(minutes=3)  # in which nobody was answered
HANDLING_S = 360.0  # of a call, where none has been answered yet
MOST_AHEAD = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a queue moves: who answers its calls now, how long one takes with its after-work, who gives up.

    `leaving` is callers who hang up, per caller and second of waiting. `standing_s` is how long the first in the queue
    has waited, where nobody has been answered for a while; else 0.
    """

    agents: int
    handling_s: float = HANDLING_S
    leaving: float = 0.0
    standing_s: float = 0.0


def wait_s(ahead: int, pace: Pace) -> float | None:
    """The time until a caller is answered who has so many before them; None where nobody is there to answer."""
    if pace.agents < 1:
        return None
    ending = pace.agents / pace.handling_s
    expected = sum(1 / (ending + before * pace.leaving) for before in range(min(ahead, MOST_AHEAD) + 1))
    return max(expected, pace.standing_s)


def naive_wait_s(ahead: int, pace: Pace) -> float:
    """Place × handling time ÷ agents, as most centres say it: what the formula above is measured against."""
    return (ahead + 1) * pace.handling_s / max(pace.agents, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What is announced: between `low` and `high` minutes; `high` is None for longer than `low`."""

    low: int
    high: int | None

    def holds(self, waited_s: float) -> bool:
        """Whether a wait was within what was said."""
        return self.low * 60 <= waited_s <= (inf if self.high is None else self.high * 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a waiting caller may be told: `place` 1 is the next; None where it would not be true, or has been better.

    `earlier`: the call goes on with a request made before; `nobody`: no agent is there at all.
    """

    place: int | None = None
    wait: Range | None = None
    worse: bool = False
    slot: bool = False
    credited: bool = False
    earlier: bool = False
    nobody: bool = False


def announced(expected_s: float) -> Range:
    """The range around an estimate, widened to edges that are easy to say."""
    low = max(edge for edge in EDGES_MIN if edge * 60 <= max(expected_s * LOW, 0))
    high = next((edge for edge in EDGES_MIN[1:] if edge * 60 >= expected_s * HIGH), None)
    return Range(low=low, high=high)


def got_worse(before: int | None, now: Range) -> bool:
    """Whether the upper end rose by more than one step above what was said before: then one owes an apology.

    `before` is the upper end in minutes, 0 for "longer than the last edge", None where nothing was said.
    """
    return before is not None and _step(now.high) > _step(before or None) + 1


def _step(high: int | None) -> int:
    return len(EDGES_MIN) if high is None else EDGES_MIN.index(high)


def offers_slot(expected_s: float) -> bool:
    """Whether a callback is offered for a slot and no longer for one's place."""
    return expected_s >= SLOT_FROM_S


def may_be_told(place: int, told: int | None) -> bool:
    """Whether a place is announced: it never moves backwards, and nothing is said that is not so."""
    return told is None or place <= told
