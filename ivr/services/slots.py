"""A callback for a set hour, where the wait is too long to keep a place: promised, counted, and alarmed if not kept."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.channel import PromisedHour
from contactcenter.offices.hours import is_open
from contactcenter.offices.models import Office
from contactcenter.reports.alarms import Wrong, settle
from contactcenter.routing import services as routing
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import WorkItem, WorkState
from ivr.menu import MOST_HOURS
from ivr.models import Promise
from ivr.services import line

WINDOW = timedelta(hours=1)
FARTHEST = timedelta(days=14)
SOONEST = timedelta(minutes=30)
MORNING, NOON, EVENING = 8, 12, 20  # nobody is called at night, though the office may never close
SHARE = 0.5  # of an hour's calls, that much is promised ahead
AT_ONCE = 50
A_MOMENT = timedelta(seconds=1)


def choices(office: Office, now: datetime, most: int = MOST_HOURS) -> list[datetime]:
    """Hours to choose from: the next that is free, and the first of each half day after it. Empty where all is full.

    What was offered is kept once it is chosen, though others may have chosen it meanwhile: it takes seconds.
    """
    firsts: dict[tuple[date, bool], datetime] = {}
    for at in free(office, now):
        local = at.astimezone(office.zone)
        firsts.setdefault((local.date(), local.hour >= NOON), at)
        if len(firsts) == most:
            break
    return list(firsts.values())


def free(office: Office, now: datetime) -> Iterator[datetime]:
    """The beginnings of the hours to come in which the office is open, by day, that are not promised full."""
    most, full = _most(office), _promised(office, now)
    zone = office.zone
    at = (now + SOONEST).replace(minute=0, second=0, microsecond=0) + WINDOW
    while at < now + FARTHEST:
        by_day = MORNING <= at.astimezone(zone).hour < EVENING
        if by_day and full.get(at, 0) < most and is_open(office, at) and is_open(office, at + WINDOW - A_MOMENT):
            yield at
        at += WINDOW


def promise(office: Office, work_item_id: int, starts_at: datetime) -> None:
    """Remember what was promised for a callback, which is due by the end of it; one has one promise, the newest."""
    routing.due_by(work_item_id, starts_at + WINDOW)
    Promise.objects.update_or_create(
        work_item_id=work_item_id,
        defaults={"office_id": office.pk, "starts_at": starts_at, "ends_at": starts_at + WINDOW, "kept_at": None},
    )


def is_promised(work_item_id: int) -> bool:
    """Whether an hour was named for it, and nobody was called in it yet."""
    return Promise.objects.filter(work_item_id=work_item_id, kept_at=None).exists()


def kept(work_item_id: int) -> None:
    """The person is being called: what was promised is kept, whether or not they answer."""
    Promise.objects.filter(work_item_id=work_item_id, kept_at=None).update(kept_at=timezone.now())


def between(start: datetime, end: datetime, offices: Collection[int] | None) -> list[PromisedHour]:
    """The hours promised that begin from `start` until before `end`. One that was not needed any more is not missed."""
    promises = Promise.objects.filter(starts_at__gte=start, starts_at__lt=end)
    if offices is not None:
        promises = promises.filter(office_id__in=offices)
    kept = list(promises.values_list("work_item_id", "starts_at", "ends_at", "kept_at"))
    items = WorkItem.objects.filter(pk__in=[one[0] for one in kept], state=WorkState.DONE)
    done = dict(items.values_list("pk", "done_at"))
    now = timezone.now()
    return [
        PromisedHour(starts_at=starts, missed=(called or done.get(item) or now) > ends)
        for item, starts, ends, called in kept
    ]


def sweep_promises() -> tuple[int, int]:
    """Open an alarm for each callback whose promised hour went by without a call."""
    open_items = WorkItem.objects.exclude(state=WorkState.DONE).select_related("ticket__office")
    late = Promise.objects.filter(kept_at=None, ends_at__lte=timezone.now(), work_item_id__in=open_items.values("pk"))
    items = open_items.in_bulk(list(late.order_by("ends_at").values_list("work_item_id", flat=True)[:AT_ONCE]))
    return settle("callback_late", {str(pk): _late(item) for pk, item in items.items()})


def _late(item: WorkItem) -> Wrong:
    facts = {"reference": item.ticket.reference}
    return Wrong(
        says=lambda: _("A callback was promised on request %(reference)s, and its hour went by.") % facts,
        office_id=item.ticket.office_id,
    )


def _promised(office: Office, now: datetime) -> dict[datetime, int]:
    """How many were promised for each hour to come."""
    ahead = Promise.objects.filter(office_id=office.pk, starts_at__gte=now).order_by()
    return dict(ahead.values_list("starts_at").annotate(Count("pk")))


def _most(office: Office) -> int:
    pace = line.pace(arrival_queue(office).pk)
    return max(1, int(SHARE * pace.agents * WINDOW.total_seconds() / pace.handling_s))
