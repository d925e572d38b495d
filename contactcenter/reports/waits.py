"""How long what was taken in hand had waited until somebody first took it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from contactcenter.offices.hours import opening_seconds
from contactcenter.offices.models import Office
from contactcenter.reports.taken import items_taken
from contactcenter.routing.models import Assignment
from contactcenter.routing.score import score


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One piece of work, since when it had waited and when it was first taken; `target_s` is its promise."""

    kind: str
    channel: str
    service_class: str
    office: Office
    target_s: int
    enqueued_at: datetime
    at: datetime

    @property
    def wait_s(self) -> float:
        """By the clock on the wall."""
        return (self.at - self.enqueued_at).total_seconds()

    @property
    def lateness(self) -> float:
        """How many times its promise, in opening hours: at 1 it was taken at the last moment."""
        return score(opening_seconds(self.office, self.enqueued_at, self.at), self.target_s)


def first_taken(start: datetime, end: datetime, offices: Collection[int] | None) -> list[Taken]:
    """What was taken for the first time from `start` until before `end`; `offices` None is all. In two queries."""
    here = Q() if offices is None else Q(work_item__lane__queue__office__in=offices)
    held = Assignment.objects.filter(here, work_item__in=items_taken(start, end))
    rows = held.values_list(
        "work_item", "work_item__kind", "work_item__channel", "work_item__lane__service_class",
        "work_item__lane__queue__office", "work_item__lane__target_s", "work_item__enqueued_at",
    ).annotate(first=Min("started_at"))  # fmt: skip
    known = Office.objects.in_bulk()
    return [
        Taken(
            kind=kind,
            channel=channel,
            service_class=service_class,
            office=known[office],
            target_s=target_s,
            enqueued_at=enqueued_at,
            at=first,
        )
        for _item, kind, channel, service_class, office, target_s, enqueued_at, first in rows.order_by()
        if start <= first < end and enqueued_at <= first  # else it was set aside since, and waits anew
    ]
