"""Every channel beside the others: who waits, how long they waited, how late it runs by its own promises."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from contactcenter.offices.hours import opening_seconds
from contactcenter.reports.shares import decile
from contactcenter.reports.taken import items_taken
from contactcenter.routing.models import Assignment, Lane, Offer, WorkItem
from contactcenter.routing.score import score

CHANNELS = ("phone", "email", "web", "paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """One channel: `oldest_s` by the clock on the wall; `relative_lateness` is the worst age ÷ promise, 1 the promise.

    `p90_s` is what nine in ten of those first taken in the interval had waited; None where nobody was.
    """

    channel: str
    waiting: int
    oldest_at: datetime | None
    oldest_s: float | None
    p90_s: float | None
    relative_lateness: float


def by_channel(
    now: datetime, offices: Collection[int] | None, *, start: datetime, end: datetime
) -> list[ChannelFigures]:
    """The channels, those without work too; who waits as of now, the waits of those taken from `start` to `end`."""
    heaps = _heaps(offices)
    waits = _waits(offices, start, end)
    names = [*CHANNELS, *sorted({channel for _lane, channel in heaps} - set(CHANNELS))]
    lanes = Lane.objects.filter(pk__in={lane for lane, _channel in heaps}).select_related("queue__office")
    by_lane = {lane.pk: lane for lane in lanes}
    found = []
    for name in names:
        mine = [(by_lane[lane], *heap) for (lane, channel), heap in heaps.items() if channel == name]
        oldest = min((oldest_at for _lane, _count, oldest_at in mine), default=None)
        found.append(
            ChannelFigures(
                channel=name,
                waiting=sum(count for _lane, count, _oldest in mine),
                oldest_at=oldest,
                oldest_s=max((now - oldest).total_seconds(), 0.0) if oldest else None,
                p90_s=decile(waits.get(name, [])),
                relative_lateness=max((_lateness(lane, since, now) for lane, _count, since in mine), default=0.0),
            )
        )
    return found


def _heaps(offices: Collection[int] | None) -> dict[tuple[int, str], tuple[int, datetime]]:
    """By lane and channel, how many wait and since when the first; who is being offered waits too."""
    heaps: dict[tuple[int, str], tuple[int, datetime]] = {}
    offered = WorkItem.objects.filter(pk__in=Offer.objects.filter(ended_at=None).values("work_item"))
    for rows in (WorkItem.objects.waiting(), offered):
        mine = rows if offices is None else rows.filter(lane__queue__office__in=offices)
        counted = mine.values("lane", "channel").annotate(count=Count("pk"), since=Min("enqueued_at")).order_by()
        for row in counted:
            key = (row["lane"], row["channel"])
            count, since = heaps.get(key, (0, row["since"]))
            heaps[key] = (count + row["count"], min(since, row["since"]))
    return heaps


def _waits(offices: Collection[int] | None, start: datetime, end: datetime) -> dict[str, list[float]]:
    """By channel, the waits of what was taken for the first time in the interval."""
    here = Q() if offices is None else Q(work_item__lane__queue__office__in=offices)
    held = Assignment.objects.filter(here, work_item__in=items_taken(start, end))
    first = held.values("work_item", "work_item__channel", "work_item__enqueued_at").annotate(first=Min("started_at"))
    waits: dict[str, list[float]] = {}
    for row in first.order_by():
        wait = (row["first"] - row["work_item__enqueued_at"]).total_seconds()
        if start <= row["first"] < end and wait >= 0:  # else it was set aside since, and waits anew
            waits.setdefault(row["work_item__channel"], []).append(wait)
    return waits


def _lateness(lane: Lane, since: datetime, now: datetime) -> float:
    return score(opening_seconds(lane.queue.office, since, now), lane.target_s)
