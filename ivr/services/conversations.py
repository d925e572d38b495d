"""What an agent does in a conversation: hold, go on, mute, end it. The provider is asked by commands."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.errors import InvalidError
from contactcenter.routing import calls as live
from ivr.holds import Hold
from ivr.models import Call, CallState, Command, Leg
from ivr.reading import must_be_talking, must_hold
from ivr.services import holds, legs, taping
from ivr.services.orders import order_again


@transaction.atomic
def hold(call: Call, by: Principal) -> Call:
    """The person hears the hold music and nothing else; again changes nothing."""
    return _held(call, by, on=True)


@transaction.atomic
def resume(call: Call, by: Principal) -> Call:
    """Person and agent hear each other again; again changes nothing."""
    return _held(call, by, on=False)


def _held(call: Call, by: Principal, *, on: bool) -> Call:
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    if bool(call.held_at) == on:
        return call
    holds.begin(call, by.actor) if on else holds.end(call, Hold.End.RESUMED)
    order_again(Command.Kind.HOLD, f"hold-{call.pk}", call=call, argument="on" if on else "off", rank=1)
    taping.held(call, on=on)
    live.noted(call.work_item_id or 0, "call.held" if on else "call.resumed", actor=by.actor, call=call.pk)
    return call


@transaction.atomic
def mute(call: Call, by: Principal, *, on: bool) -> Call:
    """The person and the others hear the agent no longer, or again."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    leg = call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None, agent_id=by.agent_id).exclude(joined_at=None).first()
    if leg is None:
        raise InvalidError(_("You are not in this conversation."))
    if leg.muted != on:
        leg.muted = on
        leg.save(update_fields=["muted"])
        argument = "on" if on else "off"
        order_again(Command.Kind.MUTE, f"mute-{leg.pk}", call=call, leg=leg, argument=argument, rank=1)
        kind = "call.muted" if on else "call.unmuted"
        live.noted(call.work_item_id or 0, kind, actor=by.actor, call=call.pk, leg=leg.pk)
    return call


@transaction.atomic
def hang_up(call: Call, by: Principal) -> Call:
    """End the conversation for the person; who brought colleagues in leaves them with nobody.

    Where they do not hear each other yet the call is given back: nobody who waits is cut off.
    """
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    if call.state == CallState.CONNECTED:
        live.noted(call.work_item_id or 0, "call.hung_up", actor=by.actor, call=call.pk)
        legs.hang_up(call.work_item_id or 0)
    else:
        work.release(call.work_item_id or 0, by)
    return Call.objects.locked(call.pk)
