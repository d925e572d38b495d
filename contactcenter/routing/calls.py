"""A live call in somebody's hands: connecting, in conversation, wrap-up. Its legs hold the lease, not the clock."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError
from contactcenter.routing import holding
from contactcenter.routing.holding import Hands
from contactcenter.routing.models import Assignment, Stage, WorkItem, WorkState
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Direction, Interaction


@transaction.atomic(savepoint=False)
def connected(work_item_id: int, **data: object) -> None:
    """Person and agent hear each other: nothing takes the work away while both are there. `data` holds ids only."""
    item = holding.held(work_item_id)
    if item is None:
        return
    if item.state == WorkState.ASSIGNED:
        _to(item, Stage.CONNECTED)
        now = timezone.now()
        Assignment.objects.filter(work_item=item, ended_at=None).update(lease_until=None, connected_at=now)
    record_all([holding.line(item, "call.connected", "system", **data)])


@transaction.atomic(savepoint=False)
def take_up(work_item_id: int, by: Principal) -> WorkItem:
    """Put a call or callback that nobody else has into these hands, wherever in the queue it stands.

    AlreadyTakenError, naming them, where somebody else has it. One whose wrap-up goes on is called again: it begins
    anew, so that each call has its own times, and no timer ends the second.
    """
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        raise InvalidError(_("This work is done already."))
    if item.state in (WorkState.OFFERED, WorkState.ASSIGNED):
        holder = holding.holder_of(item)
        if holder is None or holder.actor != by.actor:
            raise holding.already_taken(item)
        if item.stage != Stage.WRAP_UP:
            return item
        holding.let_go(item, "called_again")
    holding.must_have_a_free_line(by)
    item.step(WorkState.WAITING)
    item.due_from = None
    item.save(update_fields=["state", "stage", "due_from"])
    if not holding.claim(item, Hands.of(by)):
        raise holding.already_taken(item)
    return item


@transaction.atomic(savepoint=False)
def rang(work_item_id: int, *, external_id: str, **data: object) -> None:
    """We are calling the person: said on their ticket, reached or not, once a call. `data` holds ids only."""
    item = holding.held(work_item_id)
    if item is None:
        return
    holder = holding.holder_of(item)
    actor = holder.actor if holder else "system"
    said, is_new = Interaction.objects.get_or_create(
        channel=item.channel,
        external_id=external_id,
        defaults={
            "ticket_id": item.ticket_id,
            "direction": Direction.OUT,
            "occurred_at": timezone.now(),
            "language": item.ticket.language,
            "actor": actor,
        },
    )
    if is_new:
        record_all([holding.line(item, "call.rang", actor, interaction=said.pk, **data)])


@transaction.atomic(savepoint=False)
def noted(work_item_id: int, kind: str, *, actor: str, **data: object) -> None:
    """Something happened in a live call (held, joined): a line of its ticket's story. `data` holds ids only."""
    item = holding.held(work_item_id)
    if item:
        record_all([holding.line(item, kind, actor, **data)])


@transaction.atomic(savepoint=False)
def over(work_item_id: int, *, outcome: str) -> None:
    """The conversation is over: the agent wraps up, for as long as the queue allows; without an agent it is done."""
    item = holding.held(work_item_id)
    if item is None or item.state == WorkState.DONE:
        return
    holder = holding.holder_of(item)
    seconds = item.lane.queue.wrap_up_s
    if holder is None or holder.agent_id is None or item.stage != Stage.CONNECTED or not seconds:
        holding.finish(item, "system", outcome)
        return
    item.outcome = outcome[:40]
    _to(item, Stage.WRAP_UP)
    now = timezone.now()
    Assignment.objects.filter(pk=holder.pk).update(lease_until=now + timedelta(seconds=seconds), wrap_up_at=now)
    record_all([holding.line(item, "work_item.wrap_up", "system", outcome=outcome)])


def _to(item: WorkItem, stage: Stage) -> None:
    item.come_to(stage)
    item.save(update_fields=["stage", "outcome"])
