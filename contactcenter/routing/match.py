"""Who gets which work next (pure): the most late by its own promise, within reserve, cap and what each can do.

One `match()` serves both doors: the agent who asks for the next, and the dispatcher who offers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from contactcenter.routing.score import Candidate, rank

RESERVE_SHARE = 0.05
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Who is there for a queue: available agents, those of them with nothing in hand, and those in its written work.

    `cap` bounds the agents in written work while a call waits; None is no bound.
    """

    available: int = 1
    idle: int = 1
    writing: int = 0
    calls_wait: bool = False
    cap: int | None = None

    def with_one_less(self, candidate: Candidate) -> Self:
        """The floor once one idle agent has got this."""
        return replace(self, idle=self.idle - 1, writing=self.writing + (not candidate.live))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """An agent to whom work could go now. `offices` and `skills` are None where there is no limit.

    `calls` and `writing` say whether they have room for a call and for written work; `idle` that they have nothing in
    hand or offered, since `since`.
    """

    id: int | None
    offices: frozenset[int] | None = None
    skills: frozenset[str] | None = None
    calls: bool = True
    writing: bool = True
    idle: bool = True
    since: datetime = LONG_AGO

    def can_get(self, candidate: Candidate) -> bool:
        """Whether this one may see it, can do it and has room for it."""
        room = self.calls if candidate.live else self.writing
        serves = self.offices is None or candidate.office_id in self.offices
        return room and serves and (self.skills is None or candidate.skills <= self.skills)

    def fits(self, candidate: Candidate) -> tuple[bool, bool, datetime]:
        """The sort key among those who can: idle before interrupted, who knows the ticket, the longest idle."""
        return (not self.idle, candidate.last_agent is None or candidate.last_agent != self.id, self.since)


def match(
    waiting: Iterable[Candidate], askers: Iterable[Asker], floors: Mapping[int, Floor]
) -> Iterator[tuple[Candidate, Asker]]:
    """Work and who gets it, the next first; nobody gets two. `floors` are by queue; without one nothing binds."""
    free, now = list(askers), dict(floors)
    for candidate in sorted(waiting, key=rank):
        floor = now.get(candidate.queue_id)
        if floor and not _allowed(candidate, floor):
            continue
        able = [asker for asker in free if asker.can_get(candidate)]
        if not able:
            continue
        best = min(able, key=lambda asker: asker.fits(candidate))
        free.remove(best)
        if best.idle:
            now = {queue_id: one.with_one_less(candidate) for queue_id, one in now.items()}
        yield candidate, best
        if not free:
            return


def reserve(available: int) -> int:
    """How many agents are kept free for calls: ⌊5 % of the available⌋, so a lone agent always gets work."""
    return int(available * RESERVE_SHARE)


def in_order(candidates: Iterable[Candidate], floor: Floor | None = None) -> list[Candidate]:
    """The candidates that may be taken now, the next first. Without a floor neither reserve nor cap binds."""
    ordered = sorted(candidates, key=rank)
    return ordered if floor is None else [candidate for candidate in ordered if _allowed(candidate, floor)]


def _allowed(candidate: Candidate, floor: Floor) -> bool:
    if candidate.live:
        return True
    if floor.cap is not None and floor.calls_wait and floor.writing >= floor.cap:
        return False
    return candidate.score >= 1 or floor.idle > reserve(floor.available)
