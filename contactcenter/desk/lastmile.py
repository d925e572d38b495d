"""The last mile: a decision, and the appointment without which a favourable one is worth nothing."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Appointment, Decision
from contactcenter.desk.services import writable
from contactcenter.desk.telling import language_of, tell
from contactcenter.desk.unappointed import FOLLOW_UP_AFTER, mark_awaiting
from contactcenter.errors import InvalidError
from contactcenter.outbox.models import Delivery
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import whole
from contactcenter.tickets.services import locked

OLDEST = timedelta(days=3660)
FARTHEST = timedelta(days=730)
LONGEST_PLACE, LONGEST_BRING, LONGEST_REASONS = 300, 2_000, 20_000
AT_ONCE = 200


@transaction.atomic
def decide(reference: str, by: Principal, *, favourable: bool, decided_on: date, reasons: str = "") -> Delivery:
    """Record what was decided and tell the person, a refusal with its reasons; the same again is the same delivery."""
    ticket = writable(reference, by)
    today, reasons = timezone.localdate(timezone=ticket.office.zone), reasons.strip()
    if decided_on > today:
        raise InvalidError(_("The day of a decision cannot lie ahead."))
    if decided_on < today - OLDEST:
        raise InvalidError(_("This decision is older than ten years: check the year."))
    _check_reasons(reasons, favourable=favourable)
    known = Decision.objects.filter(ticket__in=whole(ticket), favourable=favourable, decided_on=decided_on).first()
    if known and known.reasons != reasons:
        raise InvalidError(_("This decision is recorded already, with other reasons: write a reply to add to them."))
    if known:
        return known.delivery
    text = _decision_text(ticket, favourable=favourable, decided_on=decided_on, reasons=reasons)
    delivery = tell(ticket, text, actor=by.actor)
    decision = Decision.objects.create(
        ticket=ticket,
        favourable=favourable,
        decided_on=decided_on,
        reasons=reasons,
        delivery=delivery,
        actor=by.actor,
    )
    mark_awaiting(ticket)
    record(ticket, "ticket.decided", actor=by.actor, decision=decision.pk, favourable=favourable)
    if not favourable:
        _end_follow_ups(ticket, by, "refused")
    return delivery


@transaction.atomic
def appoint(reference: str, by: Principal, *, place: str, starts_at: datetime, bring: str = "") -> Delivery:
    """Record an appointment and tell the person; a wait for one is over. The same again is the same delivery."""
    now = timezone.now()
    place, bring = " ".join(place.split()), bring.strip()
    if not place or len(place) > LONGEST_PLACE:
        raise InvalidError(_("Say where: a place of at most %(most)d characters.") % {"most": LONGEST_PLACE})
    if len(bring) > LONGEST_BRING:
        raise InvalidError(_("What to bring is too long: at most %(most)d characters.") % {"most": LONGEST_BRING})
    if not now < starts_at <= now + FARTHEST:
        raise InvalidError(_("Choose a day and an hour from now on and within two years."))
    ticket = writable(reference, by)
    known = Appointment.objects.filter(ticket__in=whole(ticket), place=place, starts_at=starts_at).first()
    if known:
        return known.delivery
    delivery = tell(ticket, _appointment_text(ticket, place, starts_at, bring), actor=by.actor)
    appointment = Appointment.objects.create(
        ticket=ticket, place=place, starts_at=starts_at, bring=bring, delivery=delivery, actor=by.actor
    )
    mark_awaiting(ticket)
    record(ticket, "ticket.appointed", actor=by.actor, appointment=appointment.pk)
    _end_follow_ups(ticket, by, "appointed")
    return delivery


def sweep_follow_ups() -> int:
    """Let a human look after favourable decisions that have had no appointment for 30 days; returns how many."""
    due = Decision.objects.filter(
        awaits_appointment=True, followed_up_at=None, decided_on__lte=timezone.localdate() - FOLLOW_UP_AFTER
    ).values_list("pk", "ticket_id", "ticket__merged_into_id")
    return sum(_followed_up(pk, into or ticket_id) for pk, ticket_id, into in due[:AT_ONCE])


@transaction.atomic
def _followed_up(decision_id: int, ticket_id: int) -> bool:
    ticket = locked(ticket_id)
    due = Decision.objects.filter(pk=decision_id, awaits_appointment=True, followed_up_at=None)
    if not due.update(followed_up_at=timezone.now()):
        return False
    routing.open_work_item(ticket, Kind.FOLLOW_UP, actor="clock", channel=ticket.channel)
    return True


def _end_follow_ups(ticket: Ticket, by: Principal, outcome: str) -> None:
    open_ones = WorkItem.objects.unfinished().filter(ticket=ticket, kind=Kind.FOLLOW_UP)
    for work_item_id in open_ones.values_list("pk", flat=True):
        routing.withdraw(work_item_id, actor=by.actor, outcome=outcome)


def _check_reasons(reasons: str, *, favourable: bool) -> None:
    """A refusal without reasons is void (code des relations, L211-2 and L211-5), and nobody can answer it."""
    if not favourable and not reasons:
        raise InvalidError(_("Write the reasons, in law and in fact: nobody is refused without being told why."))
    if len(reasons) > LONGEST_REASONS:
        raise InvalidError(_("The reasons are too long: at most %(most)d characters.") % {"most": LONGEST_REASONS})


def _decision_text(ticket: Ticket, *, favourable: bool, decided_on: date, reasons: str) -> str:
    with translation.override(language_of(ticket)):
        day, office = date_format(decided_on, "j F Y"), ticket.office.phone
        facts = {"reference": ticket.reference, "day": day, "office": office, "reasons": reasons}
        if favourable:
            told = _(
                "A favourable decision was taken on %(day)s on your request %(reference)s. You need not do "
                "anything now: we will tell you the place, the day and the hour of your appointment. "
                "Questions: %(office)s."
            )
        else:
            told = _(
                "A decision was taken on %(day)s on your request %(reference)s; it is not favourable. You will "
                "receive it in writing with how to contest it. Questions: %(office)s."
            )
        if reasons:
            told += "\n\n" + _("The reasons: %(reasons)s")
        return told % facts


def _appointment_text(ticket: Ticket, place: str, starts_at: datetime, bring: str) -> str:
    with translation.override(language_of(ticket)):
        local = timezone.localtime(starts_at, ticket.office.zone)
        facts = {
            "reference": ticket.reference,
            "place": place,
            "day": date_format(local, "l j F Y"),
            "hour": date_format(local, "H:i"),
            "office": ticket.office.phone,
            "bring": bring,
        }
        text = _(
            "You have an appointment for your request %(reference)s: %(day)s at %(hour)s, %(place)s. "
            "If you cannot come, tell us: %(office)s."
        )
        if bring:
            text += "\n\n" + _("Please bring: %(bring)s")
        return text % facts
