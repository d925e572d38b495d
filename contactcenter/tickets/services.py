"""What can be done to a ticket; only the core calls these."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contactcenter.tickets import states
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Note, Ticket
from contactcenter.tickets.states import State


def locked(ticket_id: int) -> Ticket:
    """The ticket, held against other changes until the transaction ends; interactions may still be added."""
    return Ticket.objects.select_for_update(no_key=True).get(pk=ticket_id)


@transaction.atomic(savepoint=False)
def move_ticket(ticket: Ticket, to: State, *, actor: str, disposition: str = "") -> Ticket:
    """Take a locked ticket to its next state, if its life allows it; already there is no step."""
    was = State(ticket.state)
    if was == to:
        return ticket
    states.check(was, to)
    ticket.state = to
    ticket.solved_at = timezone.now() if to == State.SOLVED else None
    ticket.disposition = disposition if to == State.SOLVED else ""
    ticket.save(update_fields=["state", "solved_at", "disposition"])
    record(ticket, f"ticket.{to}", actor=actor, was=str(was), **({"disposition": disposition} if disposition else {}))
    return ticket


@transaction.atomic(savepoint=False)
def add_note(
    ticket: Ticket, text: str, *, actor: str, author: str, kind: str = Note.Kind.NOTE, at: datetime | None = None
) -> Note:
    """Keep what an agent wrote for colleagues."""
    note = Note.objects.create(ticket=ticket, kind=kind, actor=actor, author=author, text=text, at=at or timezone.now())
    record(ticket, "note.added", actor=actor, note=note.pk, of=str(kind))
    return note
