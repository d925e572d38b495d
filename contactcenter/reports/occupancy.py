"""How busy those were who were there: time with work in hand ÷ time there for work, each minute counted once."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from contactcenter.reports.shares import ratio
from contactcenter.reports.taken import items_taken
from contactcenter.routing.models import Agent, Assignment, Presence, PresenceInterval

LONGEST_HELD = timedelta(days=1)  # work held for longer than this before the interval is not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when one agent was there, or busy."""

    agent_id: int
    start: datetime
    end: datetime


def occupancy(there: Iterable[Span], busy: Iterable[Span], *, start: datetime, end: datetime) -> float | None:
    """The share of the time there that was busy (pure); None where nobody was there.

    Who is busy is there, whatever they said; two things in hand at once are one. Spans are cut at the interval.
    """
    busy = list(busy)
    worked = sum(_length(spans) for spans in _by_agent(busy, start, end).values())
    present = sum(_length(spans) for spans in _by_agent([*there, *busy], start, end).values())
    return ratio(worked, present)


def occupancy_by_interval(there: Iterable[Span], busy: Iterable[Span], edges: Sequence[datetime]) -> list[float | None]:
    """The same for each interval between two edges (pure): a span counts in every one that it touches."""
    parts = [_cut(there, edges), _cut(busy, edges)]
    return [
        occupancy(here, working, start=edges[number], end=edges[number + 1])
        for number, (here, working) in enumerate(zip(*parts, strict=True))
    ]


def _cut(spans: Iterable[Span], edges: Sequence[datetime]) -> list[list[Span]]:
    parts: list[list[Span]] = [[] for _interval in edges[1:]]
    for span in spans:
        first = max(bisect_right(edges, span.start) - 1, 0)
        for number in range(first, len(parts)):
            if edges[number] >= span.end:
                break
            parts[number].append(span)
    return parts


def _by_agent(spans: Iterable[Span], start: datetime, end: datetime) -> dict[int, list[tuple[datetime, datetime]]]:
    cut: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            cut[span.agent_id].append((first, last))
    return cut


def _length(spans: list[tuple[datetime, datetime]]) -> float:
    """The time that at least one of them covers, in seconds."""
    total, until = 0.0, datetime.min.replace(tzinfo=spans[0][0].tzinfo)
    for first, last in sorted(spans):
        total += max((last - max(first, until)).total_seconds(), 0.0)
        until = max(until, last)
    return total


def occupancy_between(start: datetime, end: datetime, offices: Collection[int] | None) -> float | None:
    """The occupancy of the agents who serve these offices, from presence intervals and assignments."""
    end = min(end, timezone.now())
    return occupancy(*spans_between(start, end, offices), start=start, end=end)


def spans_between(start: datetime, end: datetime, offices: Collection[int] | None) -> tuple[list[Span], list[Span]]:
    """When each agent of these offices was there for work, and when they had some in hand, until `end`."""
    mine = Q() if offices is None else Q(agent__in=Agent.objects.filter(user__offices__in=offices).values("pk"))
    began = Q(started_at__lt=end) & (Q(ended_at=None) | Q(ended_at__gt=start))
    there = PresenceInterval.objects.filter(mine, began, state=Presence.AVAILABLE)
    taken = items_taken(start - LONGEST_HELD, end)
    held = Assignment.objects.filter(mine, began, agent__isnull=False, work_item__in=taken)
    return _spans(there, end), _spans(held, end)


def _spans(rows: "QuerySet[PresenceInterval] | QuerySet[Assignment]", end: datetime) -> list[Span]:
    told = rows.values_list("agent", "started_at", "ended_at")
    return [Span(agent_id=agent or 0, start=began, end=min(ended or end, end)) for agent, began, ended in told]
