"""Watch the thresholds that figures must not cross, and prepare the mails that say so.

The figures are looked at each minute. One that crosses its threshold opens an alarm, which stays one alarm however long
it lasts. Of one threshold an alarm is told at most once an hour, so that a figure on the very edge does not fill a
mailbox; what is still wrong after that hour is told then.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contactcenter.outbox.models import Delivery, DeliveryState
from contactcenter.reports import alarms, phone
from contactcenter.reports.calls import calls_between
from contactcenter.reports.channels import by_channel
from contactcenter.reports.models import Alarm, AlarmMail, Threshold
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Assignment, Kind, WorkItem, WorkState
from contactcenter.tickets.models import TicketEvent

KIND = "threshold"
HOUR = timedelta(hours=1)
QUIET = HOUR  # between two mails about one threshold
COUNTED = frozenset({Threshold.Figure.CALLS, Threshold.Figure.FAILED})


def sweep_thresholds() -> tuple[int, int]:
    """Open and close the alarms of all thresholds; returns how many were opened and closed."""
    now = timezone.now()
    rows = Threshold.objects.filter(active=True).select_related("office").order_by("pk")
    thresholds = {str(one.pk): one for one in rows}
    wrong = {key: told for key, one in thresholds.items() if (told := crossed(one, now))}
    with transaction.atomic():
        standing = list(_open().values_list("pk", flat=True))
        done = alarms.settle(KIND, wrong)
        for alarm in _open().filter(mails=None):
            _tell(alarm, thresholds[alarm.key].told, now)
        for alarm in Alarm.objects.filter(pk__in=standing, closed_at__isnull=False):
            _tell_over(alarm, now)
    return done


def crossed(threshold: Threshold, now: datetime) -> alarms.Wrong | None:
    """What is wrong; None while the figure is on the right side, or has no value."""
    value = _value(threshold, now)
    limit = float(threshold.limit)
    if value is None or (value >= limit if threshold.figure == Threshold.Figure.ANSWERED else value <= limit):
        return None
    return alarms.Wrong(says=partial(_says, threshold, value), office_id=threshold.office_id)


def _says(threshold: Threshold, value: float) -> str:
    where = threshold.office.name if threshold.office else _("All offices")
    facts = {"value": _number(threshold.figure, value), "limit": _number(threshold.figure, float(threshold.limit))}
    return _("%(where)s: %(what)s") % {"where": where, "what": _sentence(threshold.figure) % facts}


def _number(figure: str, value: float) -> str:
    """Things that are counted are whole, unless somebody wrote a threshold between two of them."""
    return str(number_format(round(value, 1), 0 if figure in COUNTED and value % 1 == 0 else 1))


def _sentence(figure: str) -> str:
    return {
        Threshold.Figure.ANSWERED: _(
            "%(value)s %% of the last hour's calls were answered; the threshold is %(limit)s %%."
        ),
        Threshold.Figure.CALLS: _("%(value)s calls are waiting; the threshold is %(limit)s."),
        Threshold.Figure.OLDEST: _("Somebody has been waiting for %(value)s hours; the threshold is %(limit)s."),
        Threshold.Figure.LATENESS: _(
            "The most late has waited %(value)s times its promise; the threshold is %(limit)s."
        ),
        Threshold.Figure.STUCK: _("Work has been in somebody's hands for %(value)s hours; the threshold is %(limit)s."),
        Threshold.Figure.UNSENT: _(
            "Something we say to somebody has not left for %(value)s hours; the threshold is %(limit)s. "
            "Look at the relay and the telephone provider."
        ),
        Threshold.Figure.FAILED: _(
            "%(value)s answers of the last hour could not be delivered; the threshold is %(limit)s. "
            "They wait on the desk for another way."
        ),
    }[Threshold.Figure(figure)]


def _value(threshold: Threshold, now: datetime) -> float | None:
    offices = None if threshold.office_id is None else {threshold.office_id}
    match threshold.figure:
        case Threshold.Figure.ANSWERED:
            share = phone.figures(calls_between(now - HOUR, now, offices)).answered_share
            return None if share is None else 100 * share
        case Threshold.Figure.CALLS:
            return _calls_waiting(offices)
        case Threshold.Figure.STUCK:
            return _longest_in_hand(now, offices)
        case Threshold.Figure.UNSENT:
            return _longest_unsent(now, offices)
        case Threshold.Figure.FAILED:
            return _failed(now - HOUR, offices)
    channels = by_channel(now, offices, start=now, end=now)
    if threshold.figure == Threshold.Figure.OLDEST:
        return max(one.now.oldest_s or 0.0 for one in channels) / HOUR.total_seconds()
    return max(one.now.relative_lateness for one in channels)


def _calls_waiting(offices: set[int] | None) -> float:
    """Callers on the line without an agent; what is just being offered to one waits too."""
    calls = WorkItem.objects.filter(kind=Kind.CALL, state__in=(WorkState.WAITING, WorkState.OFFERED))
    return float((calls if offices is None else calls.filter(lane__queue__office__in=offices)).count())


def _longest_in_hand(now: datetime, offices: set[int] | None) -> float | None:
    """Hours for which written work has been held; a conversation lasts as long as it lasts."""
    held = Assignment.objects.filter(ended_at=None).exclude(work_item__kind__in=LIVE_KINDS)
    if offices is not None:
        held = held.filter(work_item__lane__queue__office__in=offices)
    since = held.order_by("started_at").values_list("started_at", flat=True).first()
    return (now - since) / HOUR if since else None


def _longest_unsent(now: datetime, offices: set[int] | None) -> float | None:
    """Hours for which the outbox has not been rid of something, tried again and again or never."""
    pending = Delivery.objects.filter(state=DeliveryState.PENDING)
    if offices is not None:
        pending = pending.filter(ticket__office__in=offices)
    since = pending.order_by("created_at").values_list("created_at", flat=True).first()
    return (now - since) / HOUR if since else None


def _failed(since: datetime, offices: set[int] | None) -> float:
    """What was given up or came back since then; each is told once, by an event."""
    lost = TicketEvent.objects.filter(kind__in=("delivery.failed", "delivery.bounced"), at__gte=since)
    return float((lost if offices is None else lost.filter(ticket__office__in=offices)).count())


def _open() -> QuerySet[Alarm]:
    return Alarm.objects.filter(kind=KIND, closed_at=None)


def _tell(alarm: Alarm, addresses: list[str], now: datetime) -> None:
    """Unless an alarm of the same threshold was told within the hour."""
    lately = AlarmMail.objects.filter(alarm__kind=KIND, alarm__key=alarm.key, over=False, made_at__gt=now - QUIET)
    if not lately.exists():
        AlarmMail.objects.bulk_create([AlarmMail(alarm=alarm, to=to, made_at=now, due_at=now) for to in addresses])


def _tell_over(alarm: Alarm, now: datetime) -> None:
    """To those who were told that it began."""
    told = alarm.mails.order_by("pk").values_list("to", flat=True)
    AlarmMail.objects.bulk_create([AlarmMail(alarm=alarm, to=to, over=True, made_at=now, due_at=now) for to in told])
