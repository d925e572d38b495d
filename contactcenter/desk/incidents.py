"""Faults of online services: one number for all whom they hit, and one word to each when they are mended."""

import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Incident, IncidentTicket
from contactcenter.desk.telling import language_of, tell
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.outbox.models import Delivery
from contactcenter.routing.holding import lock_tickets
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import check_digit
from contactcenter.tickets.selectors import visible, whole
from contactcenter.tickets.services import locked

LONGEST_TITLE, LONGEST_TEXT = 200, 5_000
LONGEST_TOLD = 1_000  # characters that a text message holds with our sentence before them: nobody is called instead
TRIES = 5
DIGITS = 6


def open_incident(title: str, text: str, by: Principal) -> Incident:
    """Give a fault its number: six digits, the last a check digit."""
    _must_write(by)
    title, text = " ".join(title.split()), text.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidError(_("Say in at most %(most)d characters what does not work.") % {"most": LONGEST_TITLE})
    if len(text) > LONGEST_TEXT:
        raise InvalidError(_("This text is too long: at most %(most)d characters.") % {"most": LONGEST_TEXT})
    for _attempt in range(TRIES):
        body = str(10_000 + secrets.randbelow(90_000))
        try:
            with transaction.atomic():
                return Incident.objects.create(number=body + check_digit(body), title=title, text=text, actor=by.actor)
        except IntegrityError as error:  # the number is taken
            raced = error
    raise raced


def numbered(number: str) -> Incident:
    """The incident with this number; NotFoundError where there is none."""
    is_number = len(number) == DIGITS and number.isascii() and number.isdecimal()
    found = Incident.objects.filter(number=number).first() if is_number else None
    if found is None:
        raise NotFoundError(_("There is no incident with this number."))
    return found


@transaction.atomic
def link(number: str, references: Sequence[str], by: Principal) -> Incident:
    """Note that an incident caused these tickets; again, nothing changes. All of them must be there to be seen.

    To a mended one nothing more is linked: its word has gone out, and a fault that comes back is a new incident.
    """
    _must_write(by)
    incident = numbered(number)
    for ticket_id in sorted(_named(references, by)):
        held = locked(ticket_id)
        if incident.mended_at and not IncidentTicket.objects.filter(incident=incident, ticket=held).exists():
            raise InvalidError(_mended(incident))
        _row, fresh = IncidentTicket.objects.get_or_create(incident=incident, ticket=held)
        if fresh:
            record(held, "ticket.linked", actor=by.actor, incident=incident.pk)
    return incident


def mended(number: str, text: str, by: Principal) -> list[Delivery]:
    """Say that it works again, and tell everybody it hit, once, on their oldest ticket; returns what was said now.

    Again, only those are told whose link was being written at that very moment.
    """
    _must_write(by)
    incident = numbered(number)
    said = text.strip()
    if not said or len(said) > LONGEST_TOLD:
        raise InvalidError(
            _("Say to the people what they can do now, in at most %(most)d characters.") % {"most": LONGEST_TOLD}
        )
    first = Incident.objects.filter(pk=incident.pk, mended_at=None)
    first.update(mended_at=timezone.now(), mended_text=said)
    return tell_of(incident.pk, by.actor)


def tell_of(incident_id: int, actor: str) -> list[Delivery]:
    """Tell whoever of a mended incident has not been told. Run twice at once, each hears it once."""
    waiting = IncidentTicket.objects.filter(incident=incident_id, told_at=None, incident__mended_at__isnull=False)
    hit = waiting.order_by("ticket__opened_at", "ticket").values_list("ticket", flat=True)
    told = [_tell_one(incident_id, ticket_id, actor) for ticket_id in hit]
    return [delivery for delivery in told if delivery]


def sweep_mended() -> int:
    """Tell those whom a killed process left untold, and those whose link came a moment too late; returns how many."""
    left = IncidentTicket.objects.filter(told_at=None, incident__mended_at__isnull=False)
    return sum(len(tell_of(pk, "system")) for pk in left.values_list("incident", flat=True).distinct()[:20])


@transaction.atomic
def _tell_one(incident_id: int, ticket_id: int, actor: str) -> Delivery | None:
    """One person, on their oldest linked ticket; the incident's row decides who of several tells them."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    theirs = incident.links.filter(_of_its_person(Ticket.objects.select_related("merged_into").get(pk=ticket_id)))
    untold = theirs.filter(told_at=None)
    if not untold.exists():
        return None
    heard = theirs.filter(told_at__isnull=False).exists()
    untold.update(told_at=timezone.now())
    if heard:  # on another of their tickets
        return None
    oldest = Ticket.objects.filter(incidents__in=theirs).order_by("opened_at", "pk")[0]
    ticket = _where_it_goes_on(oldest)
    delivery = tell(ticket, _text(ticket, incident), actor=actor)
    record(ticket, "ticket.mended", actor=actor, incident=incident.pk)
    return delivery


def _of_its_person(ticket: Ticket) -> Q:
    """The links of who is answered on it, be it put into another; those of its matter where nobody knows them."""
    ticket = ticket.merged_into or ticket
    if ticket.person_id is None:
        return Q(ticket__in=whole(ticket))
    merged = Q(ticket__merged_into__person=ticket.person_id)
    return merged | Q(ticket__merged_into=None, ticket__person=ticket.person_id)


def _where_it_goes_on(ticket: Ticket) -> Ticket:
    """The ticket, or the one it was put into, where its person and whoever answers read the story; both locked."""
    lock_tickets([ticket.pk, ticket.merged_into_id or ticket.pk])
    into = Ticket.objects.values_list("merged_into", flat=True).get(pk=ticket.pk)
    return locked(into or ticket.pk)


def _text(ticket: Ticket, incident: Incident) -> str:
    with translation.override(language_of(ticket)):
        facts = {"title": incident.title, "number": incident.number, "reference": ticket.reference}
        head = _("“%(title)s” (incident %(number)s) is mended; it concerned your request %(reference)s.") % facts
    return f"{head}\n\n{incident.mended_text}"


def _mended(incident: Incident) -> str:
    day = date_format(timezone.localtime(incident.mended_at), "j F Y, H:i")
    facts = {"number": incident.number, "day": day}
    return _("Incident %(number)s has been mended since %(day)s: answer the person, or open a new incident.") % facts


def _named(references: Sequence[str], by: Principal) -> set[int]:
    """The tickets that these references lead to; NotFoundError unless this one sees each of them, merged or not."""
    named = list(visible(by).filter(reference__in=set(references)))
    found = {ticket.merged_into_id or ticket.pk for ticket in named}
    if len(named) != len(set(references)) or visible(by).filter(pk__in=found).count() != len(found):
        raise NotFoundError(_("One of these requests is not there, or not yours to see."))
    return found


def _must_write(by: Principal) -> None:
    if not by.may_write:
        raise NotAllowedError(_("An auditor reads; writing is for agents."))
