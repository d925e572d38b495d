"""Work items in an agent's hands: taken, given back, done, with what each kind brings about."""

from functools import partial
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.accounts.principal import Principal
from contactcenter.channel import LiveChannel
from contactcenter.desk.answered import ANSWERED_BY_TEXT
from contactcenter.desk.unappointed import awaits_one
from contactcenter.errors import InvalidError
from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import DeliveryState
from contactcenter.receipts.acknowledge import acknowledge
from contactcenter.routing import services as routing
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Kind, Stage, WorkItem, WorkState
from contactcenter.routing.services import Taken
from contactcenter.tickets.events import record_all
from contactcenter.tickets.models import Direction, Interaction, Ticket

DELIVERED_BY_HAND = (Kind.LETTER_TO_POST, Kind.CALLBACK)


@transaction.atomic
def take(work_item_id: int, by: Principal, *, reason: str = "") -> Taken:
    """Take a chosen work item; a caller is connected. Raises AlreadyTakenError naming who has it."""
    return _connected(routing.take(work_item_id, by, reason=reason), by)


def take_next(by: Principal) -> Taken | None:
    """Take what is next for this one; a caller is connected. None where nothing waits for them."""
    taken = routing.take_next(by)
    return _connected(taken, by) if taken else None


def accept(offer_id: int, by: Principal) -> Taken:
    """Take what is offered, with what else waits of its ticket; a caller is connected."""
    return _connected(routing.accept(offer_id, by), by)


@transaction.atomic
def release(work_item_id: int, by: Principal) -> WorkItem:
    """Give a work item back to its place; a caller who was connected waits again."""
    item = routing.release(work_item_id, by)
    if item.kind in LIVE_KINDS and item.channel in channel.names():
        phone = cast("LiveChannel", channel.get(item.channel))
        transaction.on_commit(partial(phone.let_go, item.pk))
    return item


@transaction.atomic
def hang_up(work_item_id: int, by: Principal) -> WorkItem:
    """End the conversation in one's hands. One that has not begun is given back: nobody who waits is cut off."""
    item = WorkItem.objects.select_related("ticket").get(pk=work_item_id)
    if item.stage == Stage.CONNECTING:
        return release(item.pk, by)
    if item.stage == Stage.CONNECTED and item.channel in channel.names():
        phone = cast("LiveChannel", channel.get(item.channel))
        transaction.on_commit(partial(phone.hang_up, item.pk))
    return item


@transaction.atomic
def done(work_item_id: int, by: Principal, *, outcome: str = "done") -> WorkItem:
    """Finish a work item: a letter is posted, a callback's person was reached, a scan's letter can be answered.

    InvalidError where whoever wrote would be left without an answer, or who was granted something without an
    appointment; only a program with the service token sees to that itself.
    """
    was_open = WorkItem.objects.unfinished().filter(pk=work_item_id).exists()
    item = routing.done(work_item_id, by, outcome=outcome)
    if was_open and item.kind in ANSWERED_BY_TEXT and not by.service:
        _somebody_answers(item)
    if was_open and item.kind == Kind.FOLLOW_UP and owes_an_appointment(item.ticket, by):
        raise InvalidError(_("The person still has no appointment: record it, or set this aside until a date."))
    if item.kind in DELIVERED_BY_HAND and item.delivery_id:
        outbox.report(item.delivery_id, DeliveryState.SENT, actor=by.actor)
    elif item.kind == Kind.SCAN_CHECK:
        _let_answer(item, by.actor)
    return item


def wrap_up(work_item_id: int, by: Principal) -> WorkItem:
    """End the after-work of a work item."""
    return done(work_item_id, by, outcome="wrapped_up")


def owes_an_appointment(ticket: Ticket, by: Principal) -> bool:
    """Whether a follow-up must go on; a supervisor may end it, since not all that is granted needs an appointment."""
    return not (by.service or by.role == "supervisor") and awaits_one(ticket)


def _somebody_answers(item: WorkItem) -> None:
    """A message is finished with once it was answered, or while there is more to answer of the same request."""
    more = WorkItem.objects.unfinished().filter(ticket=item.ticket_id, kind__in=ANSWERED_BY_TEXT)
    answers = Interaction.objects.filter(ticket=item.ticket_id, direction=Direction.OUT)
    if not (more.exists() or answers.filter(occurred_at__gte=item.created_at).exists()):
        raise InvalidError(_("Nobody has answered yet: write to the person, or solve the request with a reason."))


def _let_answer(item: WorkItem, actor: str) -> None:
    """A checked scan becomes a message to answer, with a receipt; once."""
    said = item.interaction
    if said is None or WorkItem.objects.filter(interaction=said, kind=Kind.MESSAGE).exists():
        return
    routing.open_work_item(
        item.ticket, Kind.MESSAGE, actor=actor, interaction=said, channel=said.channel, enqueued_at=item.enqueued_at
    )
    if not said.deliveries.filter(purpose="receipt").exists():
        record_all(acknowledge(item.ticket, said))


def _connected(taken: Taken, by: Principal) -> Taken:
    """Ask the phone, after commit, to bring caller and agent together."""
    live = [taken.work_item] if taken.work_item.kind in LIVE_KINDS else []
    live += [item for item in taken.also if item.kind == Kind.CALL]
    for item in live:
        if item.channel in channel.names() and item.state == WorkState.ASSIGNED:
            phone = cast("LiveChannel", channel.get(item.channel))
            transaction.on_commit(partial(phone.connect, item.pk, by.agent_id))
    return taken
