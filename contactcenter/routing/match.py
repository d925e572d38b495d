"""Which work an agent gets next (pure): the most late by its own promise, within reserve and cap."""

from collections.abc import Iterable
from dataclasses import dataclass

from contactcenter.routing.score import Candidate, rank

RESERVE_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Who is there: available agents, those of them with nothing in hand, and those in written work.

    `cap` bounds the agents in written work while a call waits; None is no bound.
    """

    available: int = 1
    idle: int = 1
    writing: int = 0
    calls_wait: bool = False
    cap: int | None = None


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
