"""The agent's end of a call: dialled and proved first, and the person brought in once it is up."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from contactcenter import rows
from contactcenter.compiled import Compiled
from contactcenter.routing import calls as live
from contactcenter.routing import holding, presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Presence, WorkItem, WorkState
from ivr.holds import Hold
from ivr.models import Call, CallState, Command, Leg
from ivr.reading import ours
from ivr.services import callbacks, handing, holds, outgoing, slots, standing
from ivr.services.agent_lines import is_usable
from ivr.services.called_again import take_along
from ivr.services.orders import order

IN_TALK = (CallState.CONNECTING, CallState.CONNECTED)
UNANSWERED = 2  # an agent whose telephone is not taken up so often in a row is not there
BAD_LINE = "line"  # the reason of their being away; shown in the reader's language
_UP = Compiled(lambda call_id: Leg.objects.filter(call=call_id, ended_at=None))


@transaction.atomic
def connect(work_item_id: int, agent_id: int | None, to: str) -> None:
    """Bring an agent and the person of a call or a callback together: the agent's leg is dialled first."""
    call = Call.objects.lock_one(work_item_id=work_item_id)
    if call is None and _is_begun(work_item_id):
        return
    whole = WorkItem.objects.select_related("interaction", "ticket__person", "ticket__answer_to", "ticket__office")
    item = whole.get(pk=work_item_id)
    if item.state != WorkState.ASSIGNED:  # given back before we came to it
        return
    call = call or callbacks.outgoing_for(item)
    if call is None or call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None).exists():
        return
    if not is_usable(to):
        refuse(call, agent_id)
        return
    call.state = CallState.CONNECTING
    call.save(update_fields=["state"])
    bring(call, to, agent_id=agent_id)


def _is_begun(work_item_id: int) -> bool:
    """Whether somebody began the call at this moment: two who come at once go one after the other.

    No call is locked here, so nobody waits in a circle.
    """
    holding.held(work_item_id)
    return Call.objects.filter(work_item_id=work_item_id).exclude(state=CallState.ENDED).exists()


def bring(call: Call, to: str, *, agent_id: int | None) -> None:
    """Have an agent come to a (locked) call: by the leg on which they stand, else they are dialled."""
    if not standing.put_through(call, agent_id):
        dial(call, to, agent_id=agent_id)


def dial(call: Call, to: str, *, kind: str = Leg.Kind.AGENT, agent_id: int | None = None, mode: str = "") -> Leg:
    """Have another leg of a (locked) call dialled; the `voice` process does it, agents first."""
    leg = Leg.objects.create(call=call, kind=kind, agent_id=agent_id, to=to, mode=mode)
    order(Command.Kind.DIAL_LEG, f"agent-{leg.pk}", call=call, leg=leg, argument=to, rank=2)
    return leg


def named(leg: Leg, sid: str) -> None:
    """The provider may tell of a leg before it answers our dial: from now on it is known to have been dialled."""
    if sid and not leg.sid and Leg.objects.filter(pk=leg.pk, sid="").update(sid=sid):
        leg.sid = sid


@transaction.atomic
def answered(leg: Leg, sid: str) -> bool:
    """A leg was taken up; whether it is still wanted, else it is ended."""
    call = Call.objects.locked(leg.call_id or 0)
    Leg.objects.filter(pk=leg.pk, answered_at=None).update(answered_at=timezone.now())
    if sid:
        Leg.objects.filter(pk=leg.pk).exclude(sid=sid[:64]).update(sid=sid[:64])
    leg.refresh_from_db()
    if leg.ended_at is None and call.state in IN_TALK:
        return True
    hang_up_leg(call, leg)
    return False


@transaction.atomic
def joined(leg: Leg) -> Call | None:
    """An agent, proved, takes the call: now the person is brought in. None where nobody waits for them any more.

    A guest brings nobody in: where no agent is there, they wait in the room until one is.
    """
    call = Call.objects.locked(leg.call_id or 0)
    leg.refresh_from_db()
    if leg.ended_at or call.state not in IN_TALK:
        hang_up_leg(call, leg)
        return None
    Leg.objects.filter(pk=leg.pk, joined_at=None).update(joined_at=timezone.now())
    if call.state == CallState.CONNECTED or leg.kind != Leg.Kind.AGENT:  # they come to a conversation of others
        _noted(call, "call.joined", leg)
    elif call.outgoing and not call.sid:
        if not outgoing.spend(call.number):
            _another_day(call)
            return None
        slots.kept(call.work_item_id or 0)
        live.rang(call.work_item_id or 0, external_id=ours(call), call=call.pk)
        order(Command.Kind.DIAL_PERSON, f"person-{leg.pk}", call=call, argument=call.number, rank=4)
    else:
        order(Command.Kind.MOVE, f"move-{leg.pk}", call=call, argument="join", rank=1)
    return call


def _another_day(call: Call) -> None:
    """Others called this number meanwhile, as often as a day allows: its person is called when we next open."""
    item = WorkItem.objects.select_related("ticket__office").get(pk=call.work_item_id or 0)
    drop_agent(call)
    over(call)
    routing.schedule(item.pk, callbacks.tomorrow(item), actor="system", why="budget")


def is_theirs(call: Call, sid: str) -> bool:
    """Whether this is the leg on which we reach the person: the first that is up, where a dial was made twice."""
    return not sid or bool(Call.objects.filter(Q(sid=None) | Q(sid=sid), pk=call.pk).update(sid=sid))


@transaction.atomic
def connected(call: Call) -> Call:
    """Person and agent hear each other, unless either has gone at this very moment."""
    call = Call.objects.locked(call.pk)
    if call.state != CallState.CONNECTING:
        return call
    call.state, call.connected_at = CallState.CONNECTED, call.connected_at or timezone.now()
    call.save(update_fields=["state", "connected_at"])
    take_along(call, spoken=True)
    if call.work_item_id:
        live.connected(call.work_item_id, call=call.pk)
    callbacks.reached(call)
    return call


@transaction.atomic
def unproved(leg: Leg) -> None:
    """The agent cannot hear us, or we cannot hear them: no caller comes to this line, nor the next one."""
    leg_gone(leg, why="unproved")  # the request is held before its agent, as by whoever takes it
    if leg.agent_id and Agent.objects.filter(pk=leg.agent_id).exists():
        presence.set_presence(leg.agent_id, Presence.AWAY, actor="system", reason=BAD_LINE)


@transaction.atomic
def leg_gone(leg: Leg, *, why: str = "lost", at: datetime | None = None) -> None:
    """A leg is over, by the provider's clock `at`; whoever was talking to its agent goes back to their own place."""
    if leg.call_id is None:
        _ended(leg, why, alone=True)
        leg.refresh_from_db()
        if leg.call_id is None:  # else it came to a call at this very moment
            return
    call = Call.objects.locked(leg.call_id or 0)
    if not Leg.objects.filter(pk=leg.pk, ended_at=None).update(ended_at=timezone.now(), why_ended=why, over_at=at):
        return
    leg.refresh_from_db()
    if call.state not in IN_TALK:
        return
    if leg.kind != Leg.Kind.AGENT:
        _noted(call, "call.left", leg)
        return
    if leg.stands_since and leg.joined_at is None and why == "lost":
        _noted(call, "call.line_lost", leg)
        dial(call, leg.to, agent_id=leg.agent_id)
        return
    _without_agent(call, leg)
    if leg.joined_at is None:
        _missed_again(leg)


def _without_agent(call: Call, leg: Leg) -> None:
    """Somebody else who is in the conversation goes on with it; else the person waits for another."""
    others = call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None)
    talking = others.exclude(joined_at=None).first()
    if talking:
        handing.over_to(call, talking, came_from=leg)
        return
    wait_again(call, leg)


def way_back(leg_id: int) -> str:
    """The name of the command by which a person comes back to their place when this leg is lost."""
    return f"back-{leg_id}"


@transaction.atomic
def not_moved(call: Call) -> None:
    """The person could not be brought to their agent, and is on the line: back to their place, for another."""
    call = Call.objects.locked(call.pk)
    leg = call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None).first()
    if leg and call.state == CallState.CONNECTING:
        wait_again(call, leg)


def wait_again(call: Call, leg: Leg) -> None:
    """The person of a (locked) call has nobody to talk to: back to their place, or called back at once.

    Whoever else rings or waits for them ends: the next agent asks for whom they need.
    """
    for other in call.legs.filter(ended_at=None):
        end_leg(call, other, "lost")
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    if call.outgoing and call.connected_at is None:  # not reached yet, and not missed by them: it waits at its place
        dial_no_more(call)
        if item and item.state != WorkState.DONE:
            routing.requeue(item.pk, actor="system", why="leg_lost")
        return
    if item is None or item.state == WorkState.DONE:  # the agent had said that all is done: nobody waits for another
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
        return
    was = call.state
    holds.end(call, Hold.End.LEFT)
    call.now(CallState.WAITING)
    routing.requeue(item.pk, actor="system", why="leg_lost")
    if was == CallState.CONNECTED or leg.joined_at:
        order(Command.Kind.MOVE, way_back(leg.pk), call=call, argument="park", rank=1)


@transaction.atomic
def let_go(work_item_id: int) -> None:
    """The agent gave the call back: their leg ends, and the caller waits again at their place."""
    call = Call.objects.lock_one(work_item_id=work_item_id)
    for leg in call.legs.filter(ended_at=None) if call else ():
        if not (call and standing.keep(call, leg)):
            hang_up_leg(call, leg)
        leg_gone(leg, why="given_back")


@transaction.atomic
def hang_up(work_item_id: int) -> None:
    """The agent ends the conversation; whom they do not speak with at this moment waits at their place for another."""
    call = Call.objects.lock_one(work_item_id=work_item_id)
    if call and call.state != CallState.CONNECTED:
        let_go(work_item_id)
    elif call:
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)


def dial_no_more(call: Call) -> None:
    """A person whom we were calling is not called any more; whoever dials them at this moment hangs up."""
    if call.sid:
        order(Command.Kind.HANG_UP, f"hang-up-call-{call.pk}", call=call, rank=1)
    over(call)


def drop_agent(call: Call) -> None:
    """The other legs have nobody to talk to any more: who is on the line is told, who still rings is not kept."""
    for leg in _UP.all(call.pk):
        if leg.answered_at and not leg.joined_at and leg.sid and not leg.stands_since:
            order(Command.Kind.MOVE_LEG, f"told-{leg.pk}", call=call, leg=leg, argument="told", rank=1)
            _ended(leg, "caller_left")
        else:
            part(call, leg, "caller_left")


def part(call: Call, leg: Leg, why: str) -> None:
    """A leg has nobody to talk to any more: it stands for the next call where its agent wants that, else it ends."""
    if not standing.keep(call, leg):
        hang_up_leg(call, leg)
    _ended(leg, why)


def end_leg(call: Call, leg: Leg, why: str) -> None:
    """End a leg of ours, so that its end is no loss to anybody."""
    hang_up_leg(call, leg)
    _ended(leg, why)


def _ended(leg: Leg, why: str, *, alone: bool = False) -> None:
    up = Leg.objects.filter(pk=leg.pk, ended_at=None, **({"call": None} if alone else {}))
    up.update(ended_at=timezone.now(), why_ended=why)


def hang_up_leg(call: Call | None, leg: Leg) -> None:
    """Have a leg hung up, if it was dialled; whoever dials it at this moment finds it ended, and hangs up.

    One that goes on standing is another row's now.
    """
    if leg.sid and standing.follower(leg) is None:
        order(Command.Kind.HANG_UP, f"hang-up-{leg.pk}", call=call, leg=leg, rank=1)


def over(call: Call, *, at: datetime | None = None) -> None:
    """A (locked) call is over for us, since `at` where that is told later; never since before what was done in it."""
    done = (call.started_at, call.waiting_since, call.connected_at, call.held_at)
    call.state, call.ended_at = CallState.ENDED, max(at or timezone.now(), *filter(None, done))
    holds.end(call, Hold.End.OVER, at=call.ended_at)
    rows.change(call, "state", "ended_at")


def refuse(call: Call, agent_id: int | None) -> None:
    """The agent's line cannot be dialled: the person waits for another agent."""
    if call.outgoing and not call.sid:
        over(call)
    if call.work_item_id:
        routing.requeue(call.work_item_id, actor="system", why="no_line")
    if agent_id:
        presence.set_presence(agent_id, Presence.AWAY, actor="system", reason=BAD_LINE)


def _missed_again(leg: Leg) -> None:
    """Whose telephone is not taken up again and again is away: else they would be offered caller after caller.

    A leg that was never dialled, since the provider was away, says nothing of its agent.
    """
    agent = Agent.objects.filter(pk=leg.agent_id or 0).first()
    if agent is None or agent.presence != Presence.AVAILABLE or not leg.sid:
        return
    rang = Leg.objects.filter(agent_id=agent.pk, started_at__gte=agent.since, stands_since=None).exclude(sid="")
    last = rang.exclude(why_ended="caller_left")
    recent = list(last.order_by("-pk").values_list("joined_at", flat=True)[:UNANSWERED])
    if len(recent) == UNANSWERED and not any(recent):
        presence.set_presence(agent.pk, Presence.AWAY, actor="system", reason=BAD_LINE)


def _noted(call: Call, kind: str, leg: Leg) -> None:
    if call.work_item_id:
        live.noted(call.work_item_id, kind, actor="system", call=call.pk, leg=leg.pk, of=leg.kind)
