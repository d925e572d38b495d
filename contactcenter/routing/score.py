"""The order of the one queue: how late each work item is, measured by its own promise (pure).

score = age ÷ target, both in opening time: 1 at the promise, whichever channel it came by. Ties go to the longest
waiting, then the earliest due, then the lowest id.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A waiting work item as the order sees it. `age_s` and `target_s` are opening seconds."""

    id: int
    age_s: float
    target_s: int
    enqueued_at: datetime
    due_at: datetime
    live: bool = False  # a call or a callback
    queue_id: int = 0
    office_id: int = 0
    skills: frozenset[str] = frozenset()
    last_agent: int | None = None  # who last worked on its ticket
    passed: frozenset[int] = frozenset()  # who was offered it and let it pass

    @property
    def score(self) -> float:
        """Age ÷ target: 1.0 is the promise; what is not yet due scores 0."""
        return score(self.age_s, self.target_s)


def score(age_s: float, target_s: int) -> float:
    """How many times its promise something has waited."""
    return max(age_s, 0.0) / target_s


def rank(candidate: Candidate) -> tuple[float, datetime, datetime, int]:
    """The sort key: the smallest is next."""
    return (-candidate.score, candidate.enqueued_at, candidate.due_at, candidate.id)
