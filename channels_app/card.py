"""The right column: the person with how well each thing is known, the dates that run, whose hands it is in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from channels_app import words
from contactcenter.accounts.principal import Principal
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.routing.models import ASKED_AFTER, LEASE, Assignment, WorkItem, WorkState
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.states import State

NEAR = timedelta(days=2)
MOST = 30  # unfinished work items shown of one ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPoint:
    """One address or number, and how we know it."""

    kind: str
    lines: list[str]
    proof: str
    proved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """One date that runs, with its reason; `pace` is "late", "near" or "kept"."""

    left: str
    what: str
    why: str
    pace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One unfinished work item of the ticket, and in whose hands it is."""

    id: int
    kind: str
    code: str
    state: str
    holder: str
    mine: bool
    since: str
    delivery_id: int | None
    interpreter: str = ""
    asked: bool = False  # the lease soon ends: whether one goes on


def points(ticket: Ticket, now: datetime) -> list[KnownPoint]:
    """Where the person can be reached, the oldest known first."""
    rows = list(ticket.person.contact_points.order_by("created_at", "pk")) if ticket.person else []
    return [
        KnownPoint(
            kind=row.get_kind_display(),
            lines=row.value.splitlines() or [""],
            proof=(
                gettext("proved %(when)s") % {"when": words.when(row.proved_at, now)}
                if row.proved_at
                else gettext("%(source)s, not proved") % {"source": words.SOURCES.get(row.source, row.source)}
            ),
            proved=row.proved_at is not None,
        )
        for row in rows
    ]


def running(ticket: Ticket, now: datetime) -> list[Running]:
    """The dates that run on this ticket, the next first."""
    if ticket.state == State.SOLVED:
        return []
    dates = [(ticket.due_at, gettext("Answer promised"), words.when(ticket.due_at, now))]
    if ticket.silence_on:
        dates.append((_evening(ticket.silence_on), _silence(ticket), date_format(ticket.silence_on, "j F Y")))
    return [_running(at, what, why, now) for at, what, why in sorted(dates)]


def holdings(ticket: Ticket, by: Principal, now: datetime) -> list[Holding]:
    """The ticket's unfinished work, and who has it."""
    items = list(
        WorkItem.objects.unfinished()
        .filter(ticket=ticket)
        .select_related("ticket")
        .order_by("enqueued_at", "pk")[:MOST]
    )
    open_now = Assignment.objects.filter(work_item__in=items, ended_at=None) if items else ()
    held = {assignment.work_item_id: assignment for assignment in open_now}
    return [_holding(item, held.get(item.pk), by, now) for item in items]


def procedure_name(version: ProcedureVersion | None) -> str:
    """The procedure as people call it, in the reader's language; "" for none."""
    names = version.name if version else {}
    return str(names.get((get_language() or "fr")[:2]) or names.get("fr", ""))


def _holding(item: WorkItem, held: Assignment | None, by: Principal, now: datetime) -> Holding:
    since = held.started_at if held else item.due_from if item.state == WorkState.SCHEDULED else item.enqueued_at
    return Holding(
        id=item.pk,
        kind=str(words.KINDS.get(item.kind, item.kind)),
        code=item.kind,
        state=item.state,
        holder=held.holder if held else "",
        mine=held is not None and held.actor == by.actor,
        since=words.when(since or now, now),
        delivery_id=item.delivery_id,
        interpreter=words.interpreter(item),
        asked=bool(held and held.lease_until and not held.parked_at and held.lease_until - now <= LEASE - ASKED_AFTER),
    )


def _silence(ticket: Ticket) -> str:
    effect = ticket.procedure.silence_effect if ticket.procedure else ""
    effects = {
        "accept": gettext("Without an answer: accepted"),
        "reject": gettext("Without an answer: refused"),
    }
    return effects.get(effect, gettext("Silence decides"))


def _running(at: datetime, what: str, why: str, now: datetime) -> Running:
    left = at - now
    if left < timedelta(0):
        return Running(left=gettext("late"), what=what, why=why, pace="late")
    return Running(left=_left(left), what=what, why=why, pace="near" if left <= NEAR else "kept")


def _left(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours < 48:
        return gettext("%(n)d h") % {"n": max(hours, 1)}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def _evening(day: date) -> datetime:
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    return midnight + timedelta(days=1)
