"""Calls that we owe: begun by an agent, tried again until the person is reached."""

from datetime import timedelta

from django.utils import timezone

from contactcenter.outbox import services as outbox
from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem, WorkState
from ivr.models import Call, CallState, Command
from ivr.services.orders import order

RETRY = timedelta(minutes=10)


def outgoing_for(item: WorkItem) -> Call | None:
    if item.kind != Kind.CALLBACK:
        return None
    number = _number_of(item)
    if not number:
        _cannot_be_called(item)
        return None
    office = item.ticket.office
    return Call.objects.create(
        outgoing=True,
        number=number,
        line=office.phone,
        ticket=item.ticket,
        language=item.ticket.language or "fr",
        work_item_id=item.pk,
    )


def _cannot_be_called(item: WorkItem) -> None:
    """A callback to somebody whose number we do not know is an answer that could not be delivered: told once."""
    if item.delivery_id:
        outbox.report(item.delivery_id, "failed", error="no telephone number is known")
    else:
        routing.open_work_item(item.ticket, Kind.UNDELIVERED, actor="system", enqueued_at=item.enqueued_at)
    routing.withdraw(item.pk, actor="system", outcome="no_number")


def _number_of(item: WorkItem) -> str:
    answer_to = item.ticket.answer_to
    if answer_to and answer_to.kind == "phone":
        return str(answer_to.value)
    point = (
        item.ticket.person.contact_points.filter(kind="phone").order_by("-pk").first() if item.ticket.person else None
    )
    return str(point.value) if point else ""


def give_up(call: Call) -> None:
    """An outgoing call whose agent is gone."""
    if call.sid:
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
    call.state, call.ended_at = CallState.ENDED, timezone.now()
    call.save(update_fields=["state", "ended_at"])
    over(call, reached=call.connected_at is not None)


def over(call: Call, *, reached: bool) -> None:
    """A callback's end: done where the person was reached, else tried again later."""
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if item is None or item.state == WorkState.DONE:
        return
    if not reached:
        routing.schedule(item.pk, timezone.now() + RETRY, actor="system", why="not_reached")
    elif item.delivery_id:
        outbox.report(item.delivery_id, "sent")
    else:
        live.over(item.pk, outcome="reached")
