"""An agent's leg that stays up between calls: it stands after one, and the next comes to it at once, without a dial.

Off until its agent turns it on. It ends when they are away, offline or logged out, when they hang up, and after a while
without a call. Each call has a row of its own for it, so that each has its times; `sid` tells that they are one line.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from contactcenter.routing import calls as live
from contactcenter.routing.models import Agent, Presence
from ivr.models import Call, Command, Leg, StandingLine
from ivr.services.orders import order

IDLE = timedelta(minutes=30)  # a line without a call costs as much as one with
STAND, AGENT = "stand", "agent"  # the documents by which a leg waits, and comes to a call


def is_on(agent_id: int | None) -> bool:
    """Whether this agent keeps their line open between calls."""
    return StandingLine.objects.filter(agent_id=agent_id or 0).exists()


@transaction.atomic
def turn(agent_id: int, *, on: bool) -> None:
    """Keep this agent's line open after each call from now on, or no longer: then what stands ends."""
    if on:
        StandingLine.objects.get_or_create(agent_id=agent_id)
    else:
        StandingLine.objects.filter(agent_id=agent_id).delete()
        end(agent_id)


def of(agent_id: int | None) -> Leg | None:
    """The leg on which this agent stands."""
    up = Leg.objects.filter(agent_id=agent_id or 0, call=None, ended_at=None).exclude(stands_since=None)
    return up.order_by("-pk").first()


def follower(leg: Leg) -> Leg | None:
    """The row by which this line goes on, after the call whose row this is."""
    if leg.kind != Leg.Kind.AGENT or not leg.sid:
        return None
    return Leg.objects.filter(sid=leg.sid, ended_at=None, pk__gt=leg.pk).order_by("-pk").first()


def keep(call: Call, leg: Leg) -> bool:
    """Let an agent's proved leg stand, where they want that and are there; the caller ends the row of this call."""
    was_proved = leg.joined_at or leg.stands_since
    if leg.kind != Leg.Kind.AGENT or not leg.sid or not was_proved or not _is_wanted(leg.agent_id):
        return False
    since = timezone.now() if leg.joined_at else leg.stands_since
    stands = Leg.objects.create(sid=leg.sid, to=leg.to, agent_id=leg.agent_id, stands_since=since)
    order(Command.Kind.MOVE_LEG, f"stand-{stands.pk}", leg=stands, argument=STAND, rank=1)
    if call.work_item_id:
        live.noted(call.work_item_id, "call.line_kept", actor="system", call=call.pk, leg=stands.pk)
    return True


def put_through(call: Call, agent_id: int | None) -> bool:
    """Bring the agent's standing leg to a (locked) call; False where none stands, or it ended at this moment."""
    leg = of(agent_id)
    if leg is None or not Leg.objects.filter(pk=leg.pk, call=None, ended_at=None).update(call=call):
        return False
    order(Command.Kind.MOVE_LEG, f"through-{leg.pk}", call=call, leg=leg, argument=AGENT, rank=1)
    if call.work_item_id:
        live.noted(call.work_item_id, "call.line_stood", actor="system", call=call.pk, leg=leg.pk)
    return True


def stays(leg: Leg) -> bool:
    """Whether a standing leg that asks goes on standing; one that is wanted no longer ends with this answer."""
    if leg.ended_at or leg.stands_since is None:
        return False
    idle = timezone.now() - leg.stands_since > IDLE
    if leg.call_id or (not idle and _is_wanted(leg.agent_id)):
        return True
    return not _end(leg, "idle" if idle else "away")


def is_told(leg: Leg) -> bool:
    """Whether its agent heard already that the line stays open."""
    return not Leg.objects.filter(pk=leg.pk, answered_at=None).update(answered_at=timezone.now())


@transaction.atomic
def end(agent_id: int) -> None:
    """Nobody is there to take a call on the leg that stands."""
    for leg in Leg.objects.filter(agent_id=agent_id, call=None, ended_at=None).exclude(stands_since=None):
        if _end(leg, "away"):
            order(Command.Kind.HANG_UP, f"hang-up-{leg.pk}", leg=leg, rank=1)


def _end(leg: Leg, why: str) -> bool:
    """One UPDATE decides between its end and a call that comes to it."""
    standing = Leg.objects.filter(pk=leg.pk, call=None, ended_at=None)
    return bool(standing.update(ended_at=timezone.now(), why_ended=why))


def _is_wanted(agent_id: int | None) -> bool:
    there = Agent.objects.filter(pk=agent_id or 0, presence=Presence.AVAILABLE)
    return is_on(agent_id) and there.exists()
