"""What happened to a ticket becomes a nudge to the queues where its work waits, at little cost to whoever caused it."""

from datetime import timedelta
from typing import Any

from django.db import connection

from channels_app import hub
from contactcenter.desk.models import Mention
from contactcenter.routing.models import Assignment, Offer
from contactcenter.tickets.models import TicketEvent

# Lines that never come alone: another of the same transaction (a work item opened or taken, a reply) speaks for them.
TOLD_BY_ANOTHER = frozenset(
    {"ticket.opened", "ticket.open", "interaction.received", "receipt.issued", "receipt.incomplete", "delivery.posted"}
)
# With these, work leaves hands that may have been another office's: its queue is then none of theirs.
OUT_OF_HANDS = frozenset({"work_item.released", "work_item.moved", "work_item.scheduled"})
A_MOMENT = timedelta(seconds=10)  # within which who let go and what is told of it are one step
# Written out: it is asked after many a request (see `contactcenter/rows.py`).
_OF_TICKET = """
    SELECT DISTINCT lane.queue_id FROM routing_workitem item JOIN routing_lane lane ON lane.id = item.lane_id
    WHERE item.ticket_id = %s
"""


def on_ticket_event(sender: Any, event: TicketEvent, **kwargs: Any) -> None:
    """Announce the queues that the event concerns."""
    if event.kind not in TOLD_BY_ANOTHER:
        hub.announce(_queues_of(event))
    if event.kind in OUT_OF_HANDS:
        hub.announce_to(_taken_from(event), hands=event.data["work_item"])


def on_offer_made(sender: Any, offer: Offer, **kwargs: Any) -> None:
    """Tell the agent's open pages at once."""
    hub.announce_to([offer.agent_id], offer=offer.pk)


def on_mentioned(sender: Any, mention: Mention, **kwargs: Any) -> None:
    """The same for a note that means them."""
    hub.announce_to([mention.agent_id], mention=mention.pk)


def _taken_from(event: TicketEvent) -> list[int]:
    """Who had this work in hand until now and did not let go of it themselves: they are told of no more than that."""
    ended = Assignment.objects.filter(
        work_item=event.data["work_item"], ended_at__range=(event.at - A_MOMENT, event.at)
    )
    last = ended.order_by("-ended_at").first()
    return [last.agent_id] if last and last.agent_id and last.actor != event.actor else []


def _queues_of(event: TicketEvent) -> set[int]:
    """A work item's event names its queue, and the one it left; for others we look where the ticket's work lies."""
    if event.kind.startswith("work_item."):
        return {int(event.data[key]) for key in ("queue", "from_queue") if event.data.get(key)}
    with connection.cursor() as cursor:
        cursor.execute(_OF_TICKET, [event.ticket_id])
        return {queue_id for (queue_id,) in cursor.fetchall()}
