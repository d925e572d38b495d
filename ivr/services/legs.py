"""The agent's end of a call: dialled first, and the person brought in once it is up."""

from django.db import transaction
from django.utils import timezone

from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.models import WorkItem, WorkState
from ivr.models import Call, CallState, Command, Leg
from ivr.services import callbacks
from ivr.services.orders import order


@transaction.atomic
def connect(work_item_id: int, agent_id: int | None, to: str) -> None:
    """Bring an agent and the person of a call or a callback together: the agent's leg is dialled first."""
    call = (
        Call.objects.select_for_update(no_key=True)
        .filter(work_item_id=work_item_id)
        .exclude(state=CallState.ENDED)
        .first()
    )
    item = WorkItem.objects.select_related("ticket__person", "ticket__answer_to", "ticket__office").get(pk=work_item_id)
    if item.state != WorkState.ASSIGNED:  # given back before we came to it
        return
    call = call or callbacks.outgoing_for(item)
    if call is None or call.legs.filter(ended_at=None).exists():
        return
    call.state = CallState.CONNECTING
    call.save(update_fields=["state"])
    leg = Leg.objects.create(call=call, agent_id=agent_id, to=to)
    order(Command.Kind.DIAL_AGENT, f"agent-{leg.pk}", call=call, leg=leg, argument=to, rank=2)


@transaction.atomic
def agent_answered(leg: Leg, sid: str) -> Call:
    """The agent's leg is up: now the person is brought into the conversation."""
    call = Call.objects.select_for_update(no_key=True).select_related("ticket").get(pk=leg.call_id)
    Leg.objects.filter(pk=leg.pk, answered_at=None).update(answered_at=timezone.now(), sid=sid[:64])
    leg.refresh_from_db()
    if leg.ended_at or call.state not in (CallState.CONNECTING, CallState.CONNECTED):
        _hang_up_leg(call, leg)
    elif call.outgoing and not call.sid:
        order(Command.Kind.DIAL_PERSON, f"person-{leg.pk}", call=call, argument=call.number, rank=4)
    else:
        order(Command.Kind.MOVE, f"move-{leg.pk}", call=call, argument="join", rank=1)
    return call


@transaction.atomic
def connected(call: Call) -> None:
    """Person and agent hear each other."""
    call = Call.objects.locked(call.pk)
    if call.state in (CallState.ENDED, CallState.CONNECTED):
        return
    call.state, call.connected_at = CallState.CONNECTED, timezone.now()
    call.save(update_fields=["state", "connected_at"])
    if call.work_item_id:
        live.connected(call.work_item_id, call=call.pk)


@transaction.atomic
def agent_gone(leg: Leg) -> None:
    """The agent's leg is over; a person still on the line goes back to their original place."""
    if not Leg.objects.filter(pk=leg.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    call = Call.objects.select_for_update(no_key=True).get(pk=leg.call_id)
    if call.state not in (CallState.CONNECTING, CallState.CONNECTED) or call.legs.filter(ended_at=None).exists():
        return  # they were no longer waiting for this agent
    if call.outgoing:
        callbacks.give_up(call)
        return
    was, item = call.state, WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if item is None or item.state == WorkState.DONE:  # the agent had said that all is done: nobody waits for another
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
        return
    call.now(CallState.WAITING)
    routing.requeue(item.pk, actor="system", why="leg_lost")
    if was == CallState.CONNECTED:
        order(Command.Kind.MOVE, f"back-{leg.pk}", call=call, argument="park", rank=1)


@transaction.atomic
def let_go(work_item_id: int) -> None:
    """The agent gave the call back: their leg ends, and the caller waits again at their place."""
    for call in Call.objects.select_for_update(no_key=True).filter(work_item_id=work_item_id):
        for leg in call.legs.filter(ended_at=None):
            _hang_up_leg(call, leg)
            agent_gone(leg)


@transaction.atomic
def hang_up(work_item_id: int) -> None:
    """The agent ends the conversation."""
    for call in Call.objects.filter(work_item_id=work_item_id).exclude(state=CallState.ENDED):
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)


def drop_agent(call: Call) -> None:
    """The agent's leg has nobody to talk to any more: it is ended, or not dialled at all."""
    for leg in call.legs.filter(ended_at=None):
        _hang_up_leg(call, leg)
        Leg.objects.filter(pk=leg.pk).update(ended_at=timezone.now())


def _hang_up_leg(call: Call, leg: Leg) -> None:
    if leg.sid:  # else it was not dialled yet; whoever dials it at this moment finds it ended, and hangs up
        order(Command.Kind.HANG_UP, f"hang-up-{leg.pk}", call=call, leg=leg, rank=1)
