"""Who gets which work next (pure): the most late by its own promise, within reserve, cap and what each can do.

One `match()` serves both doors: the agent who asks for the next, and the dispatcher who offers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from contactcenter.routing.score import Candidate, rank

RESERVE_SHARE = 0.05
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Who is there for a queue: the available agents of its office; those of them who could answer a call and have
    nothing in hand; and those in its written work.

    `cap` bounds the agents in written work while a call waits; None is no bound.
    """

    available: int = 1
    idle: int = 1
    writing: int = 0
    calls_wait: bool = False
    cap: int | None = None
    office_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """An agent to whom work could go now. `offices` and `skills` are None where there is no limit.

    `calls` and `writing` say whether they have room for a call and for written work; `answers` that they can answer
    calls at all; `idle` that they have nothing in hand or offered, since `since`.
    """

    id: int | None
    offices: frozenset[int] | None = None
    skills: frozenset[str] | None = None
    calls: bool = True
    writing: bool = True
    answers: bool = True
    idle: bool = True
    since: datetime = LONG_AGO

    def can_get(self, candidate: Candidate) -> bool:
        """Whether this one may see it, can do it and has room for it."""
        room = self.calls if candidate.live else self.writing
        able = self.skills is None or candidate.skills <= self.skills
        return room and able and self.serves(candidate.office_id)

    def serves(self, office_id: int) -> bool:
        """Whether this office's work is theirs."""
        return self.offices is None or office_id in self.offices

    def fits(self, candidate: Candidate) -> tuple[bool, bool, bool, datetime]:
        """The sort key among those who can.

        Who has not passed on it before who has, idle before interrupted, who knows the ticket, the longest idle.
        """
        is_new_to_it = candidate.last_agent is None or candidate.last_agent != self.id
        return (self.id in candidate.passed, not self.idle, is_new_to_it, self.since)


ANYBODY = Asker(id=None)


def match(
    waiting: Iterable[Candidate], askers: Iterable[Asker], floors: Mapping[int, Floor]
) -> Iterator[tuple[Candidate, Asker]]:
    """Work and who gets it, the next first; nobody gets two. `floors` are by queue; without one nothing binds."""
    free, now = list(askers), dict(floors)
    for candidate in sorted(waiting, key=rank):
        floor = now.get(candidate.queue_id)
        able = [asker for asker in free if asker.can_get(candidate) and may_get(candidate, floor, asker)]
        if not able:
            continue
        best = min(able, key=lambda asker: asker.fits(candidate))
        free.remove(best)
        now = {queue_id: _after(one, queue_id, candidate, best) for queue_id, one in now.items()}
        yield candidate, best
        if not free:
            return


def reserve(available: int) -> int:
    """How many agents are kept free for calls: ⌊5 % of the available⌋, so a lone agent always gets work."""
    return int(available * RESERVE_SHARE)


def in_order(candidates: Iterable[Candidate], floor: Floor | None = None) -> list[Candidate]:
    """The candidates that may be taken now, the next first. Without a floor neither reserve nor cap binds."""
    return [candidate for candidate in sorted(candidates, key=rank) if may_get(candidate, floor, ANYBODY)]


def may_get(candidate: Candidate, floor: Floor | None, asker: Asker) -> bool:
    """Whether reserve and cap let this asker have it; the reserve holds nobody back who could not answer a call."""
    if floor is None or candidate.live:
        return True
    return not is_capped(floor) and (candidate.score >= 1 or not asker.answers or floor.idle > reserve(floor.available))


def is_capped(floor: Floor) -> bool:
    """Whether calls wait while as many as may be are in written work."""
    return floor.cap is not None and floor.calls_wait and floor.writing >= floor.cap


def _after(floor: Floor, queue_id: int, candidate: Candidate, asker: Asker) -> Floor:
    """The floor of a queue once this asker has got this."""
    leaves = asker.idle and asker.answers and asker.serves(floor.office_id)
    writes = not candidate.live and candidate.queue_id == queue_id
    return replace(floor, idle=floor.idle - leaves, writing=floor.writing + writes)
