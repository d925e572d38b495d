"""Queue surgery: a supervisor gives work another promise or other hands, with a reason that stays on the ticket."""

from functools import partial
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.channel import LiveChannel
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.routing import holding, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Agent, Queue, WorkItem, WorkState
from contactcenter.routing.selectors import agents_to_pass_to, queues_of
from contactcenter.routing.there import must_answer
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Note
from contactcenter.tickets.selectors import visible
from contactcenter.tickets.services import add_note

MAY = (Role.SUPERVISOR, Role.ADMINISTRATOR)
CLASSES = ("immediate", "urgent", "priority", "message", "normal", "information")  # the fastest promise first


def may(by: Principal) -> bool:
    """Whether this one may change the order of the queue."""
    return by.role in MAY


@transaction.atomic
def reprioritise(work_item_id: int, service_class: str, by: Principal, *, reason: str) -> WorkItem:
    """Give written work that waits another promise; its age goes on counting. The reason becomes a note."""
    item = _on_the_table(work_item_id, by)
    if service_class not in CLASSES or item.kind in LIVE_KINDS:
        raise InvalidError(_("This work cannot have that promise."))
    why = _why(reason)
    if item.state not in (WorkState.WAITING, WorkState.SCHEDULED):
        raise holding.already_taken(item)
    if item.lane.service_class != service_class:
        sweeps.to_class(item, service_class, actor=by.actor, why="supervisor")
    add_note(item.ticket, why, actor=by.actor, author=by.label, kind=Note.Kind.NOTE)
    return item


@transaction.atomic
def reassign(
    work_item_id: int, by: Principal, *, reason: str, queue: Queue | None = None, agent: Agent | None = None
) -> WorkItem:
    """Put work into an agent's hands or into a queue, whoever holds it: its age goes on counting, drafts stay.

    The reason becomes a note. A conversation under way is nobody's to move: its agent passes it on. Written work may
    go to who is not there (`routing.there.absence` says so); who is on the line, or is called at once, may not.
    """
    item = _on_the_table(work_item_id, by)
    if (queue is None) == (agent is None):
        raise InvalidError(_("Say to which queue or to which agent it goes: one of the two."))
    why = _why(reason)
    if item.stage:
        raise InvalidError(_("Somebody is on the line: let whoever speaks with them pass the call on."))
    if agent and holding.is_promised(item):
        raise InvalidError(_("This call is promised for an hour: somebody is offered it then. Put it into a queue."))
    if queue and not queues_of(by).filter(pk=queue.pk).exists():
        raise NotFoundError(_("There is no such queue that you can see."))
    if agent and not agents_to_pass_to(by).filter(pk=agent.pk, user__offices=item.ticket.office_id).exists():
        raise NotFoundError(_("There is no such agent who works for this request's office."))
    if agent and item.kind in LIVE_KINDS:
        must_answer(agent)
    moved = routing.move(item.pk, actor=by.actor, queue=queue, agent=agent)
    if agent and moved.kind in LIVE_KINDS and moved.state == WorkState.ASSIGNED:
        phone = cast("LiveChannel", channel.get(moved.channel))
        transaction.on_commit(partial(phone.connect, moved.pk, agent.pk))
    to = {"queue": queue.pk} if queue else {"agent": agent.pk if agent else None}
    record(item.ticket, "ticket.reassigned", actor=by.actor, work_item=item.pk, **to)
    add_note(item.ticket, why, actor=by.actor, author=by.label, kind=Note.Kind.TRANSFER)
    return moved


def _on_the_table(work_item_id: int, by: Principal) -> WorkItem:
    """The work item, locked, where this one sees it and may change the order of the queue."""
    seen = WorkItem.objects.filter(pk=work_item_id, ticket__in=visible(by)).exists()
    item = holding.held(work_item_id) if seen else None
    if item is None:
        raise NotFoundError(_("There is no such work that you can see."))
    if not may(by):
        raise NotAllowedError(_("The order of the queue is changed by supervisors."))
    return item


def _why(reason: str) -> str:
    if not reason.strip():
        raise InvalidError(_("Say why: whoever waits behind it may ask."))
    return reason.strip()[:1000]
