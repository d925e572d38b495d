"""The claim: one conditional UPDATE decides who takes a work item; what follows from it is written with it.

On PostgreSQL it is one statement: the winner's assignment, the event, and the ticket's opening cost no turn of their
own. Elsewhere a turn costs nothing, and the steps are written one after the other.
"""

from functools import lru_cache
from typing import Any

from django.db import connection

from contactcenter import rows
from contactcenter.routing.models import Assignment
from contactcenter.tickets.events import announce, record_all
from contactcenter.tickets.models import TicketEvent

_TAKE = """UPDATE routing_workitem SET state = 'assigned', stage = %s
           WHERE id = %s AND state IN ('waiting', 'offered')"""
_OPEN = "UPDATE tickets_ticket SET state = 'open' WHERE id = %s AND state = 'new'"


def claim(assignment: Assignment, taken: TicketEvent, stage: str) -> bool:
    """Take the assignment's work item for its holder; whether it was this one who got it. A new ticket opens."""
    opened = TicketEvent(ticket_id=taken.ticket_id, kind="ticket.open", actor=taken.actor, at=taken.at)
    opened.data = {"was": "new"}
    if connection.vendor == "postgresql":
        return _in_one(assignment, taken, opened, stage)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [stage, assignment.work_item_id])
        if not cursor.rowcount:
            return False
        cursor.execute(_OPEN, [taken.ticket_id])
        is_opened = bool(cursor.rowcount)
    rows.add(assignment)
    record_all([taken, opened] if is_opened else [taken])
    return True


def _in_one(assignment: Assignment, taken: TicketEvent, opened: TicketEvent, stage: str) -> bool:
    values: list[Any] = [stage, assignment.work_item_id]
    values += [*rows.values_of(assignment), *rows.values_of(taken), taken.ticket_id, *rows.values_of(opened)]
    rows.write_late()  # a ticket's story is told in its order
    with connection.cursor() as cursor:
        cursor.execute(_one_statement(), values)
        held, told, told_opened = cursor.fetchone()
    if held is None:
        return False
    rows.settle(assignment, held)
    for event, number in ((taken, told), (opened, told_opened)):
        if number is not None:
            rows.settle(event, number)
            announce([event])
    return True


@lru_cache(maxsize=1)
def _one_statement() -> str:
    held, told = rows.into_where(Assignment), rows.into_where(TicketEvent)
    return f"""
        WITH item AS ({_TAKE} RETURNING id),
             held AS ({held} FROM item RETURNING id),
             told AS ({told} FROM item RETURNING id),
             ticket AS ({_OPEN} AND EXISTS (SELECT 1 FROM item) RETURNING id),
             told_opened AS ({told} FROM ticket RETURNING id)
        SELECT (SELECT id FROM held), (SELECT id FROM told), (SELECT id FROM told_opened)
    """  # noqa: S608  # names of our own columns
