"""What if we were more, or fewer? A row for each number of agents around the load (pure)."""

from dataclasses import dataclass
from math import ceil, inf

from contactcenter.reports.erlang import Outlook, outlook

ROWS = 15
HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of agents; `enough` where both goals are met, `found` None where the queue would grow for ever."""

    agents: int
    found: Outlook | None
    enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is expected: `calls` an hour, times in seconds, `patience_s` None for callers who never give up."""

    calls: float
    handling_s: float
    patience_s: float | None
    within_s: float
    goal: float

    @property
    def load(self) -> float:
        """The agents that the calls alone would keep busy."""
        return self.calls * self.handling_s / HOUR

    def with_agents(self, agents: int) -> Row:
        """What so many agents would make of it. Enough is: the goal's share of all calls is answered in time."""
        patience_s = self.patience_s or inf
        if patience_s == inf and self.load >= agents:
            return Row(agents=agents, found=None, enough=False)
        found = outlook(
            agents,
            calls=self.calls,
            over_s=HOUR,
            handling_s=self.handling_s,
            patience_s=patience_s,
            within_s=self.within_s,
        )
        return Row(agents=agents, found=found, enough=found.within >= self.goal)


def fewest(question: Question) -> int:
    """The fewest agents that are enough, found by halving: more agents never answer fewer calls in time."""
    low, high = 0, max(1, ceil(question.load))
    while not question.with_agents(high).enough:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if question.with_agents(middle).enough else (middle, high)
    return high


def around(question: Question, enough: int) -> list[Row]:
    """Rows from somewhat too few to somewhat too many."""
    first = max(1, enough - ROWS * 2 // 3)
    return [question.with_agents(agents) for agents in range(first, first + ROWS)]
