"""The telephone's figures: of the calls of an interval, and of the hours that were promised for a callback in it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean

from contactcenter import channel
from contactcenter.channel import PromisedHour
from contactcenter.reports.calls import Contact, Fate, Owed
from contactcenter.reports.shares import decile, ratio
from contactcenter.routing.models import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The telephone's figures of one interval. Shares are None where there is nothing to divide by.

    Shares are of the calls that rang while the office was open and whose fate is known (not of those still waiting),
    without the short ones; `with_short` counts these as well. `service_level` is the share answered within the promise;
    `answered_share` the share answered or really called back. `hold_s` is the part of `aht_s` that people were on hold.
    `callbacks` are those of these calls. `hours` are those that were promised for a callback and lie in the interval,
    `hours_missed` those of them without a call.
    """

    counts: dict[Fate, int]
    service_level: float | None = None
    answered_share: float | None = None
    answered_share_with_short: float | None = None
    asa_s: float | None = None
    wait_p90_s: float | None = None
    aht_s: float | None = None
    hold_s: float | None = None
    callbacks: dict[Owed, int] = field(default_factory=lambda: dict.fromkeys(Owed, 0))
    hours: int = 0
    hours_missed: int = 0

    @property
    def callbacks_promised(self) -> int:
        """All of them: kept + late + unreached + settled + open."""
        return sum(self.callbacks.values())

    @property
    def offered(self) -> int:
        """All calls that asked for a human."""
        return sum(self.counts.values())


def figures(contacts: Collection[Contact], hours: Collection[PromisedHour] = ()) -> Phone:
    """The figures of these calls, and of these hours promised for a callback."""
    fates = [(contact, contact.fate) for contact in contacts]  # told once: in a month there are many
    counts = Counter(fate for _contact, fate in fates)
    due = [(contact, fate) for contact, fate in fates if contact.while_open and fate != Fate.WAITING]
    held_on = sum(fate != Fate.SHORT for _contact, fate in due)
    served = sum(fate in (Fate.ANSWERED, Fate.CALLED_BACK) for _contact, fate in due)
    in_time = sum(contact.in_time for contact, fate in due if fate == Fate.ANSWERED)
    waits = [contact.waited_s for contact, fate in fates if fate == Fate.ANSWERED]
    handling = [(length, contact.held_s) for contact in contacts if (length := contact.handling_s) is not None]
    owed = Counter(piece.owed for contact in contacts for piece in contact.pieces if piece.kind == Kind.CALLBACK)
    return Phone(
        counts={fate: counts[fate] for fate in Fate},
        service_level=ratio(in_time, held_on),
        answered_share=ratio(served, held_on),
        answered_share_with_short=ratio(served, len(due)),
        asa_s=fmean(waits) if waits else None,
        wait_p90_s=decile(waits),
        aht_s=fmean(length for length, _held in handling) if handling else None,
        hold_s=fmean(held for _length, held in handling) if handling else None,
        callbacks={one: owed[one] for one in Owed},
        hours=len(hours),
        hours_missed=sum(hour.missed for hour in hours),
    )


def by_interval(
    contacts: Iterable[Contact], starts: Iterable[datetime], hours: Iterable[PromisedHour] = ()
) -> list[Phone]:
    """The figures of each interval; each ends where the next starts, the last has no end."""
    edges = list(starts)
    calls: list[list[Contact]] = [[] for _edge in edges]
    named: list[list[PromisedHour]] = [[] for _edge in edges]
    for contact in contacts:
        calls[_place(edges, contact.rang_at)].append(contact)
    for hour in hours:
        named[_place(edges, hour.starts_at)].append(hour)
    return [figures(*part) for part in zip(calls, named, strict=True)]


def _place(edges: list[datetime], at: datetime) -> int:
    return max(bisect_right(edges, at) - 1, 0)


def hours_between(start: datetime, end: datetime, offices: Collection[int] | None) -> list[PromisedHour]:
    """The hours promised for a callback that begin from `start` until before `end`, as the telephone keeps them."""
    plug = channel.get("phone") if "phone" in channel.names() else None
    promised = getattr(plug, "promised_hours", None)
    return promised(start, end, offices) if promised else []
