"""What is next, lane by lane, read in one plain statement each: it runs at every click of every agent.

The statements are written out because compiling them anew costs many times their run (see `contactcenter/rows.py`).
"""

from django.db import connection

from contactcenter.accounts.principal import Principal
from contactcenter.offices.models import Office
from contactcenter.routing.models import Lane, Queue, WorkItem
from contactcenter.rows import part
from contactcenter.tickets.models import Ticket

_LANES = """
    SELECT lane.id, lane.skills, lane.target_s, lane.service_class, lane.queue_id, queue.office_id, (
        SELECT head.id FROM routing_workitem head
        WHERE head.lane_id = lane.id AND head.state = 'waiting'
        ORDER BY head.enqueued_at, head.due_at, head.id LIMIT 1
    )
    FROM routing_lane lane JOIN routing_queue queue ON queue.id = lane.queue_id
"""
_ITEMS = "SELECT * FROM routing_workitem WHERE id IN ({})"
_FIRST_OF_LANE = """
    SELECT item.*, ticket.reference AS ticket_reference, ticket.state AS ticket_state
    FROM routing_workitem item JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE item.lane_id = %s AND item.state = 'waiting'
    ORDER BY item.enqueued_at, item.due_at, item.id LIMIT 1
"""
# The ticket first: one whose ticket is being taken is passed over without its own row being held.
_UNLESS_TAKEN = " FOR NO KEY UPDATE OF ticket, item SKIP LOCKED"
_ASSIGN = "UPDATE routing_workitem SET state = 'assigned' WHERE id = %s AND state = 'waiting'"
_OPEN = "UPDATE tickets_ticket SET state = 'open' WHERE id = %s AND state = 'new'"
_OTHERS = "SELECT 1 FROM routing_workitem WHERE ticket_id = %s AND state = 'waiting' AND id <> %s LIMIT 1"


def heads_for(by: Principal) -> list[WorkItem]:
    """The first waiting item of each lane that this one can serve, with its lane, queue and office."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES)
        lanes = {row[6]: _lane(*row[:6]) for row in cursor.fetchall() if row[6] is not None}
    served = [head for head, lane in lanes.items() if by.serves(lane.queue.office_id) and by.has_skills(lane.skill_set)]
    if not served:
        return []
    heads = list(WorkItem.objects.raw(_ITEMS.format(", ".join(["%s"] * len(served))), served))
    for head in heads:
        head.lane = lanes[head.pk]
    return heads


def first_of(lane: Lane) -> WorkItem | None:
    """The first of the lane that nobody else is taking at this moment, held until the transaction ends."""
    hold = _UNLESS_TAKEN if connection.features.has_select_for_update_skip_locked else ""
    for item in WorkItem.objects.raw(_FIRST_OF_LANE + hold, [lane.pk]):
        read = item.__dict__
        state, reference = read.pop("ticket_state"), read.pop("ticket_reference")
        item.ticket = part(Ticket, id=item.ticket_id, reference=reference, state=state)
        item.lane = lane
        return item
    return None


def has_others(item: WorkItem) -> bool:
    """Whether more of its ticket's work waits."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [item.ticket_id, item.pk])
        return cursor.fetchone() is not None


def assigned(item: WorkItem) -> bool:
    """Let one conditional UPDATE decide who takes it, on every database alike; whether it was this one."""
    with connection.cursor() as cursor:
        cursor.execute(_ASSIGN, [item.pk])
        return bool(cursor.rowcount)


def ticket_opened(item: WorkItem) -> bool:
    """A ticket on which work begins is no longer new; whether it was."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [item.ticket_id])
        return bool(cursor.rowcount)


def _lane(number: int, skills: str, target_s: int, service_class: str, queue_id: int, office_id: int) -> Lane:
    lane = part(Lane, id=number, queue_id=queue_id, service_class=service_class, skills=skills, target_s=target_s)
    lane.queue = part(Queue, id=queue_id, office_id=office_id)
    lane.queue.office = part(Office, id=office_id)
    return lane
