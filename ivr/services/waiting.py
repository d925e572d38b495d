"""A caller holds the line: their place in the queue, and what they may choose instead of it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contactcenter import rows
from contactcenter.intake.services import amend
from contactcenter.routing import places
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind
from ivr import menu
from ivr.models import CHANNEL, Call, CallState
from ivr.services import callbacks, outgoing, slots
from ivr.services.called_again import take_along
from ivr.services.calls import credit, happened
from ivr.services.legs import drop_agent


@transaction.atomic
def wait(call: Call, *, at: datetime | None = None) -> None:
    """The caller waits from now on (or since `at`), whether or not the provider ever asks for what they hear."""
    call = Call.objects.locked(call.pk)
    since = happened(at)
    # told late: they had chosen to wait, and left
    if call.state == CallState.ENDED and call.waiting_since is None and not call.outgoing:
        take_along(call)
        call.waiting_since = min(since, call.ended_at or since)
        rows.change(call, "waiting_since")
        abandoned(call)
    if call.state not in (CallState.MENU, CallState.WAITING):
        return
    if call.outgoing:  # we had called them, and their callback waits at its place
        call.now(CallState.WAITING)
        return
    take_along(call)
    if call.waiting_since is None:
        call.waiting_since, call.credit_s = since, int(credit(call).total_seconds())
    ticket = amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.CALL, enqueued_at=call.place_since)
    work = places.open_of(ticket.pk)
    call.work_item_id = max((one.id for one in work if one.kind == Kind.CALL), default=None)
    call.state, call.choice = CallState.WAITING, ""
    rows.change(call, "waiting_since", "credit_s", "work_item_id", "state", "choice")
    callbacks.absorb(call, work)


@transaction.atomic
def promise_callback(call: Call) -> bool:
    """A callback that keeps the caller's place; False where we have no number that we call."""
    call = Call.objects.locked(call.pk)
    if call.outgoing:  # we had called them, and their callback waits at its place already
        return True
    if not outgoing.may_call(call.number):
        return False
    leave_queue(call, "callback")
    drop_agent(call)
    take_along(call)
    callbacks.owe(call)
    call.now(CallState.MENU)
    return True


def may_choose(call: Call) -> bool:
    """Whether this caller can be promised an hour: one whom we called already has a callback, at its place."""
    return outgoing.may_call(call.number) and not call.outgoing


@transaction.atomic
def promise_hour(call: Call, at: datetime) -> None:
    """A callback within an hour that was named, which scores from it."""
    call = Call.objects.locked(call.pk)
    leave_queue(call, "callback")
    drop_agent(call)
    take_along(call)
    slots.promise(call.ticket.office, callbacks.owe(call, at).pk, at)
    call.now(CallState.MENU)


def chose_no_hour(call: Call) -> None:
    """Who wanted to be called back, and hung up while the hours were read to them, gets the first."""
    hours = slots.choices(call.ticket.office, timezone.now(), 1)
    if hours:
        promise_hour(call, hours[0])
    else:
        promise_callback(call)


def abandoned(call: Call) -> None:
    """Who waited and hung up is called back, in a class of its own behind those who hold the line; where we can."""
    leave_queue(call, "abandoned")
    if call.waiting_since and outgoing.may_call(call.number):
        callbacks.owe_abandoned(call)


def leave_queue(call: Call, outcome: str) -> None:
    """The (locked) call waits for nobody any more, and has nothing left to choose."""
    if call.choice == menu.HOURS:
        call.choice = menu.CALLBACK
        call.save(update_fields=["choice"])
    if call.work_item_id and not call.outgoing:
        routing.withdraw(call.work_item_id, actor="system", outcome=outcome, at=call.ended_at)
