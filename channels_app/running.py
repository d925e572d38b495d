"""The dates that run on a ticket, each with the reason why it is that date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from channels_app import words
from contactcenter.desk.models import Appointment, Decision
from contactcenter.desk.unappointed import FOLLOW_UP_AFTER
from contactcenter.outbox.models import Delivery, DeliveryState, Purpose
from contactcenter.routing.models import WorkItem, WorkState
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import running_on, whole
from contactcenter.tickets.states import State

NEAR = timedelta(days=2)
MOST = 30  # work items looked at
ARRIVES = (DeliveryState.SENT, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One date that runs, with its reason; `pace` is "late", "near" or "kept"."""

    at: datetime
    left: str
    what: str
    why: str
    pace: str


def running(ticket: Ticket, now: datetime) -> list[Running]:
    """The dates that run on this ticket, the next first."""
    dates = list(_expected(ticket, now))
    if ticket.state != State.SOLVED:
        dates += [*_promised(ticket, now), *_silence(ticket, now)]
    return sorted(dates, key=lambda one: one.at)


def _promised(ticket: Ticket, now: datetime) -> Iterator[Running]:
    """The first answer, until it was sent; and what has been promised otherwise or put off since."""
    answers = Delivery.objects.filter(ticket__in=whole(ticket), purpose=Purpose.REPLY, state__in=ARRIVES)
    answered = answers.exists()
    if not answered:
        counted = gettext("in opening hours, since it reached us")
        yield _running(ticket.due_at, gettext("Answer promised"), now, counted)
    items = WorkItem.objects.unfinished().filter(ticket=ticket).select_related("lane").order_by("due_at", "pk")
    for item in items[:MOST]:
        kind = {"kind": words.KINDS.get(item.kind, item.kind)}
        if item.state == WorkState.SCHEDULED and item.due_from:
            yield _running(item.due_from, gettext("Waits again"), now, gettext("set aside: %(kind)s") % kind)
        elif (answered or item.due_at < ticket.due_at) and item.kind in ("message", "follow_up", "undelivered"):
            promise = {**kind, "promise": words.CLASSES.get(item.lane.service_class, item.lane.service_class)}
            yield _running(
                item.due_at,
                gettext("Its turn at the latest"),
                now,
                gettext("%(kind)s, promise “%(promise)s”") % promise,
            )


def _silence(ticket: Ticket, now: datetime) -> Iterator[Running]:
    """The day on which no answer is an answer, and the article that says so."""
    if ticket.silence_on is None:
        return
    version = _whose(ticket).procedure
    effects = {
        "accept": gettext("Without an answer: accepted"),
        "reject": gettext("Without an answer: refused"),
    }
    months = (version.silence_months if version else None) or 0
    after = ngettext("%(n)d month after receipt", "%(n)d months after receipt", months) % {"n": months}
    source = version.silence_source if version else ""
    why = ", ".join(part for part in (after if months else "", source) if part)
    what = effects.get(version.silence_effect if version else "", gettext("Silence decides"))
    yield _running(_evening(ticket.silence_on), what, now, why, when=date_format(ticket.silence_on, "j F Y"))


def _whose(ticket: Ticket) -> Ticket:
    """Whose day it is on which silence decides: the ticket's own, or that of one which was put into it."""
    return running_on(ticket).filter(silence_on=ticket.silence_on).select_related("procedure").first() or ticket


def _expected(ticket: Ticket, now: datetime) -> Iterator[Running]:
    """An appointment to come; else by when a favourable decision should have one."""
    ahead = Appointment.objects.filter(ticket__in=whole(ticket)).order_by("-starts_at").first()
    if ahead and ahead.starts_at >= now:
        yield _running(ahead.starts_at, gettext("Appointment"), now, ahead.place)
    if ahead:
        return
    decided = Decision.objects.filter(ticket__in=whole(ticket), favourable=True).order_by("decided_on").first()
    if decided:
        days = {"n": FOLLOW_UP_AFTER.days, "day": date_format(decided.decided_on, "j F Y")}
        why = gettext("%(n)d days after the favourable decision of %(day)s") % days
        yield _running(_evening(decided.decided_on + FOLLOW_UP_AFTER), gettext("An appointment is owed"), now, why)


def _running(at: datetime, what: str, now: datetime, why: str, *, when: str = "") -> Running:
    left = at - now
    why = " · ".join(part for part in (when or words.when(at, now), why) if part)
    if left < timedelta(0):
        return Running(at=at, left=gettext("late"), what=what, why=why, pace="late")
    return Running(at=at, left=_left(left), what=what, why=why, pace="near" if left <= NEAR else "kept")


def _left(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours < 48:
        return gettext("%(n)d h") % {"n": max(hours, 1)}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def _evening(day: date) -> datetime:
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    return midnight + timedelta(days=1)
