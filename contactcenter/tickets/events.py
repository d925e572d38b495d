"""Write a line of a ticket's story, and announce it once it is true."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from contactcenter import rows
from contactcenter.tickets.models import Ticket, TicketEvent
from contactcenter.tickets.signals import ticket_event


def record(ticket: Ticket, kind: str, *, actor: str, **data: object) -> TicketEvent:
    """Add one event. `data` holds ids and codes only, never what a person said."""
    return record_all([TicketEvent(ticket=ticket, kind=kind, actor=actor, data=data)])[0]


def record_all(events: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Add several events in one statement, each announced after commit."""
    added = rows.add_all(list(events))
    announce(added)
    return added


def announce(events: Iterable[TicketEvent]) -> None:
    """Tell of events that were written, once they are true."""
    for event in events:
        transaction.on_commit(partial(ticket_event.send_robust, sender=Ticket, event=event), robust=True)
