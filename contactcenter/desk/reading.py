"""Who reads a request of another office because its work is theirs leaves a trace."""

from django.db import transaction

from contactcenter.accounts.principal import Principal
from contactcenter.routing.models import Assignment, WorkItem, WorkState
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Ticket, TicketEvent

READ = "ticket.read"


def trace(ticket: Ticket, by: Principal) -> None:
    """Write down that one read a ticket by right of its work alone: once for each work item, with ids only."""
    if by.serves(ticket.office_id):
        return
    number = _work_that_opens(ticket, by)
    if number is not None and not _is_traced(ticket, by, number):
        _write(ticket, by, number)


@transaction.atomic
def _write(ticket: Ticket, by: Principal, number: int) -> None:
    list(Ticket.objects.select_for_update(no_key=True).filter(pk=ticket.pk).values_list("pk"))
    if not _is_traced(ticket, by, number):  # two of one's windows read it at the same moment
        record(ticket, READ, actor=by.actor, work_item=number)


def _is_traced(ticket: Ticket, by: Principal, number: int) -> bool:
    read = TicketEvent.objects.filter(ticket=ticket.pk, kind=READ, actor=by.actor)
    return any(data.get("work_item") == number for data in read.values_list("data", flat=True))


def _work_that_opens(ticket: Ticket, by: Principal) -> int | None:
    """What is in one's hands, else what waits in one's queues."""
    held = Assignment.objects.filter(work_item__ticket=ticket.pk, actor=by.actor, ended_at=None)
    number = held.order_by("pk").values_list("work_item", flat=True).first()
    if number is not None:
        return number
    waiting = WorkItem.objects.filter(ticket=ticket.pk, state__in=(WorkState.WAITING, WorkState.OFFERED))
    ours = waiting.filter(lane__queue__office__in=by.offices or ())
    return ours.order_by("pk").values_list("pk", flat=True).first()
