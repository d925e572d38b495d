"""A live call is passed on, to a queue, where it keeps its age, or into a colleague's hands; its ticket with it."""

from django.db import transaction

from contactcenter.accounts.principal import Principal
from contactcenter.desk.services import kept_words, one_destination, writable
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Queue, WorkItem
from contactcenter.routing.there import must_answer
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Note, Ticket
from contactcenter.tickets.services import add_note


@transaction.atomic(savepoint=False)
def pass_call_on(
    item: WorkItem, by: Principal, *, queue: Queue | None = None, agent: Agent | None = None, text: str = ""
) -> None:
    """Pass the work item of a call on, and its ticket with it; who answers next reads `text`.

    InvalidError for a colleague who is not there or is on the line: nobody is passed on to a telephone that rings.
    """
    one_destination(queue, agent)
    ticket = writable(item.ticket.reference, by)
    if agent:
        must_answer(agent)
    routing.move(item.pk, actor=by.actor, queue=queue, agent=agent)
    if queue and queue.office_id != ticket.office_id:
        ticket.office = queue.office
        ticket.save(update_fields=["office"])
    _leave_words(ticket, by, text)
    to = {"queue": queue.pk} if queue else {"agent": agent.pk if agent else None}
    record(ticket, "ticket.transferred", actor=by.actor, **to)


@transaction.atomic(savepoint=False)
def tell_who_comes_in(item: WorkItem, by: Principal, text: str) -> None:
    """What a colleague who is called into the conversation reads; the work stays where it is."""
    _leave_words(writable(item.ticket.reference, by), by, text)


def _leave_words(ticket: Ticket, by: Principal, text: str) -> None:
    if text.strip():
        add_note(ticket, kept_words(text), actor=by.actor, author=by.label, kind=Note.Kind.TRANSFER)
