"""Who spoke, as far as they have shown it: noted beside what they said, and never asked for before they may say it."""

from django.db import transaction

from contactcenter.intake.services import amend
from contactcenter.people import evidence
from contactcenter.people.models import Person
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.services import move_ticket
from contactcenter.tickets.states import State


@transaction.atomic
def take_to(ticket_id: int, *, channel: str, external_id: str, shown: str = "", label: str = "") -> Ticket:
    """Take what was said to the ticket it is about, which is open again; `shown` is the evidence of whose it is."""
    ticket = amend(channel=channel, external_id=external_id, ticket_id=ticket_id)
    if ticket.state in (State.WAITING, State.SOLVED):
        move_ticket(ticket, State.OPEN, actor="person")
    if shown and ticket.person:
        seen, fresh = evidence.note(ticket.person, shown, actor="person", label=label)
        if fresh:
            record(ticket, "evidence.noted", actor="person", evidence=seen.pk, of=shown)
    return ticket


@transaction.atomic
def take_for(person_id: int, *, channel: str, external_id: str) -> Ticket:
    """Take who spoke for this person, unproved: they said so, in words that agree with what we hold.

    Whom the ticket concerns changes only where nobody but the speaker's own number had said who that is.
    """
    ticket = amend(channel=channel, external_id=external_id)
    said = Interaction.objects.get(channel=channel, external_id=external_id)
    person = Person.objects.get(pk=person_id)
    if said.person_id == person.pk:
        return ticket
    if ticket.person_id in (None, said.person_id):
        ticket.person = person
        ticket.save(update_fields=["person"])
    said.person = person
    said.save(update_fields=["person"])
    record(ticket, "interaction.amended", actor="person", interaction=said.pk, fields=["person"], files=0)
    return ticket
