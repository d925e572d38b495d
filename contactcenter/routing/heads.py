"""What is next, lane by lane, read in one plain statement each: it runs at every click of every agent.

The statements are written out because compiling them anew costs many times their run (see `contactcenter/rows.py`).
"""

from django.db import connection

from contactcenter.accounts.principal import Principal
from contactcenter.offices.models import Office
from contactcenter.routing.models import Lane, Queue, WorkItem
from contactcenter.rows import part
from contactcenter.tickets.models import Ticket

_HEADS = """
    SELECT item.*, lane.skills AS lane_skills, lane.target_s AS lane_target_s, lane.service_class AS lane_class,
           lane.queue_id AS lane_queue_id, queue.office_id AS lane_office_id
    FROM routing_lane lane JOIN routing_queue queue ON queue.id = lane.queue_id {head}
"""
_HEAD = """
    FROM routing_workitem head WHERE head.lane_id = lane.id AND head.state = 'waiting'
    ORDER BY head.enqueued_at, head.due_at, head.id LIMIT 1
"""
# PostgreSQL would read the whole table for the second way of saying it, SQLite does not know the first.
_EACH_HEAD = {
    "postgresql": f"JOIN LATERAL (SELECT head.* {_HEAD}) item ON true",
    "sqlite": f"JOIN routing_workitem item ON item.id = (SELECT head.id {_HEAD})",
}
_FIRST_OF_LANE = """
    SELECT item.*, ticket.reference AS ticket_reference, ticket.state AS ticket_state, EXISTS (
        SELECT 1 FROM routing_workitem other
        WHERE other.ticket_id = item.ticket_id AND other.state = 'waiting' AND other.id <> item.id
    ) AS ticket_has_others
    FROM routing_workitem item JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE item.lane_id = %s AND item.state = 'waiting'
    ORDER BY item.enqueued_at, item.due_at, item.id LIMIT 1
"""
# The ticket first: one whose ticket is being taken is passed over without its own row being held.
_UNLESS_TAKEN = " FOR NO KEY UPDATE OF ticket, item SKIP LOCKED"
_ASSIGN = "UPDATE routing_workitem SET state = 'assigned' WHERE id = %s AND state = 'waiting'"
_OPEN = "UPDATE tickets_ticket SET state = 'open' WHERE id = %s AND state = 'new'"
_BOTH = f"""
    WITH item AS ({_ASSIGN} RETURNING id),
         ticket AS ({_OPEN} AND EXISTS (SELECT 1 FROM item) RETURNING id)
    SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM ticket)
"""  # noqa: S608  # constants of ours


def heads_for(by: Principal) -> list[WorkItem]:
    """The first waiting item of each lane that this one can serve, with its lane, queue and office."""
    heads = [_with_lane(item) for item in WorkItem.objects.raw(_HEADS.format(head=_EACH_HEAD[connection.vendor]))]
    return [head for head in heads if by.serves(head.lane.queue.office_id) and by.has_skills(head.lane.skill_set)]


def first_of(lane: Lane) -> tuple[WorkItem | None, bool]:
    """The first of the lane that nobody else is taking at this moment, held until the transaction ends.

    And whether more of its ticket's work waits.
    """
    hold = _UNLESS_TAKEN if connection.features.has_select_for_update_skip_locked else ""
    for item in WorkItem.objects.raw(_FIRST_OF_LANE + hold, [lane.pk]):
        read = item.__dict__
        state, reference = read.pop("ticket_state"), read.pop("ticket_reference")
        item.ticket = part(Ticket, id=item.ticket_id, reference=reference, state=state)
        item.lane = lane
        return item, bool(read.pop("ticket_has_others"))
    return None, False


def assigned(item: WorkItem) -> tuple[bool, bool]:
    """Let one conditional UPDATE decide who takes it, on every database alike: whether it was this one.

    And whether its ticket was new until now; work begins on it.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_BOTH, [item.pk, item.ticket_id])
            won, opened = cursor.fetchone()
            return bool(won), bool(opened)
        cursor.execute(_ASSIGN, [item.pk])
        if not cursor.rowcount:
            return False, False
        cursor.execute(_OPEN, [item.ticket_id])
        return True, bool(cursor.rowcount)


def _with_lane(item: WorkItem) -> WorkItem:
    read = item.__dict__
    office_id, queue_id = read.pop("lane_office_id"), read.pop("lane_queue_id")
    item.lane = part(
        Lane,
        id=item.lane_id,
        queue_id=queue_id,
        service_class=read.pop("lane_class"),
        skills=read.pop("lane_skills"),
        target_s=read.pop("lane_target_s"),
    )
    item.lane.queue = part(Queue, id=queue_id, office_id=office_id)
    item.lane.queue.office = part(Office, id=office_id)
    return item
