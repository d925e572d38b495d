"""Queue surgery: a supervisor moves work to another promise, with a reason that stays on the ticket."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.routing import holding, sweeps
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import WorkItem, WorkState
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
    seen = WorkItem.objects.filter(pk=work_item_id, ticket__in=visible(by)).exists()
    item = holding.held(work_item_id) if seen else None
    if item is None:
        raise NotFoundError(_("There is no such work that you can see."))
    if not may(by):
        raise NotAllowedError(_("The order of the queue is changed by supervisors."))
    if service_class not in CLASSES or item.kind in LIVE_KINDS:
        raise InvalidError(_("This work cannot have that promise."))
    if not reason.strip():
        raise InvalidError(_("Say why: whoever waits behind it may ask."))
    if item.state not in (WorkState.WAITING, WorkState.SCHEDULED):
        raise holding.already_taken(item)
    if item.lane.service_class != service_class:
        sweeps.to_class(item, service_class, actor=by.actor, why="supervisor")
    add_note(item.ticket, reason.strip()[:1000], actor=by.actor, author=by.label, kind=Note.Kind.NOTE)
    return item
