"""What happened to a ticket becomes a nudge to the queues where its work waits, once per transaction."""

import threading
import time
from typing import Any

from django.db.models import Max

from channels_app import hub
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import TicketEvent

SAME_BREATH = 1.0  # seconds within which the announcements of one transaction follow each other

_spoken = threading.local()


def on_ticket_event(sender: Any, event: TicketEvent, **kwargs: Any) -> None:
    """Announce the queues of the event's ticket.

    The events of one transaction are announced one after another when all of them are true already; so the first
    announcement speaks for the others.
    """
    ticket_id, newest, until = getattr(_spoken, "last", (0, 0, 0.0))
    if ticket_id == event.ticket_id and event.pk <= newest and time.monotonic() < until:
        return
    newest = TicketEvent.objects.filter(ticket=event.ticket_id).aggregate(newest=Max("pk"))["newest"] or event.pk
    _spoken.last = (event.ticket_id, newest, time.monotonic() + SAME_BREATH)
    hub.announce(_queues_of(event))


def _queues_of(event: TicketEvent) -> set[int]:
    """Where the ticket's work waits or waited, and where the event says that it came from."""
    told = {int(event.data[key]) for key in ("queue", "from_queue") if event.data.get(key)}
    lanes = WorkItem.objects.filter(ticket=event.ticket_id).values_list("lane__queue_id", flat=True)
    return told.union(lanes.distinct())
