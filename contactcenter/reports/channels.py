"""Every channel beside the others: who waits, how long they waited, how late it runs by its own promises."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Count, Min

from contactcenter.offices.hours import opening_seconds
from contactcenter.reports.shares import decile
from contactcenter.reports.waits import first_taken
from contactcenter.routing.classes import rank
from contactcenter.routing.models import Lane, Offer, WorkItem
from contactcenter.routing.score import score

CHANNELS = ("phone", "email", "web", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """What waits of one channel in one lane: how much, and since when the first."""

    lane: Lane
    channel: str
    count: int
    since: datetime

    def lateness(self, now: datetime) -> float:
        """The first's age in opening hours ÷ its promise."""
        return score(opening_seconds(self.lane.queue.office, self.since, now), self.lane.target_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What waits: `oldest_s` by the wall clock; `relative_lateness` is the worst age ÷ promise, 1 the promise."""

    waiting: int
    oldest_at: datetime | None
    oldest_s: float | None
    relative_lateness: float

    @classmethod
    def of(cls, heaps: Collection[Heap], now: datetime) -> Self:
        """All of these together."""
        oldest = min((heap.since for heap in heaps), default=None)
        return cls(
            waiting=sum(heap.count for heap in heaps),
            oldest_at=oldest,
            oldest_s=max((now - oldest).total_seconds(), 0.0) if oldest else None,
            relative_lateness=max((heap.lateness(now) for heap in heaps), default=0.0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """One channel: what waits, in all and by class (those with work alone, the fastest promise first).

    `p90_s` is what nine in ten of those first taken in the interval had waited; None where nobody was.
    """

    channel: str
    now: Waiting
    classes: dict[str, Waiting]
    p90_s: float | None


def by_channel(
    now: datetime, offices: Collection[int] | None, *, start: datetime, end: datetime
) -> list[ChannelFigures]:
    """The channels, those without work too; who waits as of now, the waits of those taken from `start` to `end`."""
    heaps = _heaps(offices)
    waits = _waits(offices, start, end)
    names = [*CHANNELS, *sorted({heap.channel for heap in heaps} - set(CHANNELS))]
    return [
        ChannelFigures(
            channel=name,
            now=Waiting.of(mine, now),
            classes=_by_class(mine, now),
            p90_s=decile(waits.get(name, [])),
        )
        for name in names
        for mine in [[heap for heap in heaps if heap.channel == name]]
    ]


def _by_class(heaps: Collection[Heap], now: datetime) -> dict[str, Waiting]:
    names = sorted({heap.lane.service_class for heap in heaps}, key=rank)
    return {name: Waiting.of([heap for heap in heaps if heap.lane.service_class == name], now) for name in names}


def _heaps(offices: Collection[int] | None) -> list[Heap]:
    """What waits, by lane and channel; who is being offered to somebody waits too."""
    heaps: dict[tuple[int, str], tuple[int, datetime]] = {}
    offered = WorkItem.objects.filter(pk__in=Offer.objects.filter(ended_at=None).values("work_item"))
    for rows in (WorkItem.objects.waiting(), offered):
        mine = rows if offices is None else rows.filter(lane__queue__office__in=offices)
        counted = mine.values("lane", "channel").annotate(count=Count("pk"), since=Min("enqueued_at")).order_by()
        for row in counted:
            key = (row["lane"], row["channel"])
            count, since = heaps.get(key, (0, row["since"]))
            heaps[key] = (count + row["count"], min(since, row["since"]))
    lanes = Lane.objects.select_related("queue__office").in_bulk({lane for lane, _channel in heaps})
    return [
        Heap(lane=lanes[lane], channel=channel, count=count, since=since)
        for (lane, channel), (count, since) in heaps.items()
    ]


def _waits(offices: Collection[int] | None, start: datetime, end: datetime) -> dict[str, list[float]]:
    """By channel, the waits of what was taken for the first time in the interval."""
    waits: dict[str, list[float]] = {}
    for one in first_taken(start, end, offices):
        waits.setdefault(one.channel, []).append(one.wait_s)
    return waits
