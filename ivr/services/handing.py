"""A colleague who was brought into a conversation goes on with it, and with its ticket."""

from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.holding import holder_of
from contactcenter.routing.models import Agent, WorkItem, WorkState
from ivr.holds import Hold
from ivr.models import Call, Command, Leg
from ivr.services import holds, taping
from ivr.services.orders import order_again


def over_to(call: Call, leg: Leg, *, came_from: Leg) -> None:
    """Who held the (locked) call left; whoever talks on holds it now."""
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if item is None or item.state != WorkState.ASSIGNED or leg.agent_id is None:
        return
    holder = holder_of(item)
    if holder is None or holder.agent_id != came_from.agent_id:
        return
    agent = Agent.objects.select_related("user").get(pk=leg.agent_id)
    routing.move(item.pk, actor=holder.actor, agent=agent)
    live.connected(item.pk, call=call.pk)
    _heard_again(call)
    whispering = call.legs.filter(kind=Leg.Kind.SUPERVISOR, mode=Leg.Mode.WHISPER, ended_at=None)
    for one in whispering.exclude(joined_at=None):
        order_again(Command.Kind.COACH, f"coach-{one.pk}", call=call, leg=one, argument=one.mode, rank=1)


def _heard_again(call: Call) -> None:
    """Whoever put the person on hold has left: nobody else would know that they hear music."""
    if holds.end(call, Hold.End.LEFT):
        order_again(Command.Kind.HOLD, f"hold-{call.pk}", call=call, argument="off", rank=1)
        taping.held(call, on=False)
        live.noted(call.work_item_id or 0, "call.resumed", actor="system", call=call.pk)
