"""A callback for a set hour, where the wait is too long to keep a place: promised, counted, and alarmed if not kept."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.offices.hours import is_open
from contactcenter.offices.models import Office
from contactcenter.reports.alarms import Wrong, settle
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import WorkItem, WorkState
from ivr import estimate
from ivr.models import Promise
from ivr.services import line

WINDOW = timedelta(hours=1)
FARTHEST = 24 * 14  # windows that are looked at
SHARE = 0.5  # of an hour's calls, that much is promised ahead
AT_ONCE = 50


def is_better(office_id: int) -> bool:
    """Whether somebody who waits now is better off with a set hour; where nobody is there, their place is kept."""
    expected = line.seconds_to_answer(office_id)
    return expected is not None and estimate.offers_slot(expected)


def next_free(office: Office, now: datetime) -> datetime:
    """The beginning of the next hour, when the office is open, that is not promised full."""
    most = _most(office)
    start = (now + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0) + WINDOW
    for number in range(FARTHEST):
        at = start + number * WINDOW
        if not (is_open(office, at) and is_open(office, at + WINDOW - timedelta(seconds=1))):
            continue
        if Promise.objects.filter(office_id=office.pk, starts_at=at).count() < most:
            return at
    return start


def promise(office: Office, work_item_id: int, starts_at: datetime) -> None:
    """Remember what was promised for a callback; one has one promise, the newest."""
    Promise.objects.update_or_create(
        work_item_id=work_item_id,
        defaults={"office_id": office.pk, "starts_at": starts_at, "ends_at": starts_at + WINDOW, "kept_at": None},
    )


def kept(work_item_id: int) -> None:
    """The person is being called: what was promised is kept, whether or not they answer."""
    Promise.objects.filter(work_item_id=work_item_id, kept_at=None).update(kept_at=timezone.now())


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


def _most(office: Office) -> int:
    pace = line.pace(arrival_queue(office).pk)
    return max(1, int(SHARE * pace.agents * WINDOW.total_seconds() / pace.handling_s))
