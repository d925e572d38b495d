"""Somebody whom we owe a callback on another request calls by themselves: the next day, or after a weekend."""

from collections.abc import Collection

from django.db import connection

from contactcenter.crypto import blind_indexes
from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.holding import lock_free_tickets, lock_tickets
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets.models import TicketEvent
from ivr.models import Call
from ivr.services import callbacks

# Written out: whoever begins to wait asks it (see `contactcenter/rows.py`).
_OWED = """
    SELECT DISTINCT item.id, item.ticket_id FROM people_contactpoint point
    JOIN tickets_interaction said ON said.person_id = point.person_id
    JOIN routing_workitem item ON item.interaction_id = said.id
    JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE point.kind = 'phone' AND point.value_index IN ({}) AND NOT point.shared AND item.kind = 'callback'
      AND item.state <> 'done' AND item.delivery_id IS NULL AND item.ticket_id <> %s AND ticket.office_id = %s
"""
AGAIN, REACHED = "call.again", "call.reached"  # why no callback is owed any more: they called, or we reached them


def take_along(call: Call, *, spoken: bool = False) -> None:
    """What the number of a (locked) call is owed on other requests of its office is this call now; none of it is said.

    That is what is owed for having hung up, and once somebody has `spoken` with them also what was tried in vain. Who
    waited has had it taken along when they began to. What is owed for a later call, of which we heard before this one,
    stays. A request that somebody else holds at this moment is left as it is: the call's own may be held already, and
    whoever waited for another with it could wait in a circle.
    """
    found = _owed_to(call) if call.number and (spoken or call.waiting_since is None) else {}
    if not found or not _was_wanted(call):
        return
    lock_tickets([call.ticket_id])
    free = lock_free_tickets(found.values())
    on_the_line = Call.objects.filter(work_item_id__in=found, ended_at=None).values("work_item_id")
    owed = WorkItem.objects.filter(pk__in=found, ticket__in=free, state__in=callbacks.OWED).exclude(pk__in=on_the_line)
    for item in owed.select_related("lane", "interaction").order_by("pk"):
        is_needless = _is_settled(item) if spoken else _is_of_an_earlier(call, item)
        if is_needless and callbacks.rang_from(item) == call.number:
            kind = REACHED if call.outgoing else AGAIN
            live.noted(item.pk, kind, actor="system", other=call.ticket.reference)
            routing.withdraw(item.pk, actor="system", outcome=callbacks.CALLED_AGAIN, call=call.pk)


def taken_by(call: Call) -> list[int]:
    """The callbacks that a (locked) call made needless by waiting; their requests are held together with its own.

    So they are though it has come onto another request since. None once somebody spoke with the person.
    """
    if call.connected_at:
        return []
    since = call.waiting_since or call.started_at
    done = TicketEvent.objects.filter(kind="work_item.done", at__gte=since, data__call=call.pk)
    ended = [event.data["work_item"] for event in done if event.data["outcome"] == callbacks.CALLED_AGAIN]
    taken = dict(WorkItem.objects.filter(pk__in=ended).values_list("pk", "ticket"))
    lock_tickets([call.ticket_id, *taken.values()])
    return list(taken)


def owe_again(taken: Collection[int]) -> None:
    """These callbacks are owed again, one on each request: the call is about another matter, after all."""
    whole = WorkItem.objects.select_related("ticket__office", "ticket__procedure", "interaction")
    for item in whole.filter(pk__in=taken).order_by("-pk"):
        if not callbacks.owed(item.ticket_id):
            routing.open_work_item(
                item.ticket,
                Kind.CALLBACK,
                actor="system",
                interaction=item.interaction,
                service_class=callbacks.ABANDONED,
                enqueued_at=item.enqueued_at,
            )


def _was_wanted(call: Call) -> bool:
    """Whether they rang, or asked to be called; what an agent calls to tell them is another matter."""
    asked_for = WorkItem.objects.filter(pk=call.work_item_id or 0, interaction__isnull=False, delivery_id=None)
    return not call.outgoing or asked_for.exists()


def _owed_to(call: Call) -> dict[int, int]:
    """Callbacks on other requests for whoever has this number to themselves, each with its ticket."""
    indexes = blind_indexes(call.number)
    query = _OWED.format(", ".join(["%s"] * len(indexes)))
    with connection.cursor() as cursor:
        cursor.execute(query, [*indexes, call.ticket_id, call.ticket.office_id])
        return dict(cursor.fetchall())


def _is_settled(item: WorkItem) -> bool:
    """Whether speaking with the person settles it: what was tried in vain, and what is owed for having hung up."""
    return _is_for_hanging_up(item) or Call.objects.filter(work_item_id=item.pk, missed=True).exists()


def _is_of_an_earlier(call: Call, item: WorkItem) -> bool:
    """Whether it is owed for having hung up on a call before this one."""
    said = item.interaction
    return _is_for_hanging_up(item) and (said is None or said.occurred_at <= call.started_at)


def _is_for_hanging_up(item: WorkItem) -> bool:
    return item.lane.service_class == callbacks.ABANDONED
