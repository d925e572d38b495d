"""Who comes into a conversation besides person and agent: an interpreter or an office from the list, a supervisor."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotAllowedError
from contactcenter.routing import calls as live
from ivr.models import Call, Command, Leg, ThirdParty
from ivr.reading import must_be_talking, must_hold
from ivr.services import legs
from ivr.services.agent_lines import is_usable, line_of
from ivr.services.orders import order_again

LEAVE = "leave"


@transaction.atomic
def bring_in(call: Call, third_party_id: int, by: Principal) -> Call:
    """Dial somebody from the office's list into the conversation; nobody else can be brought in."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    guest = next((one for one in listed(call) if one.pk == third_party_id), None)
    if guest is None:
        raise InvalidError(_("This third party is not on the list."))
    if call.legs.filter(kind=Leg.Kind.THIRD_PARTY, ended_at=None).exists():
        raise InvalidError(_("A third party is being called or in the conversation already."))
    leg = legs.dial(call, guest.number, kind=Leg.Kind.THIRD_PARTY)
    live.noted(
        call.work_item_id or 0, "call.third_party", actor=by.actor, call=call.pk, leg=leg.pk, third_party=guest.pk
    )
    return call


def listed(call: Call) -> list[ThirdParty]:
    """Whom this call's office may bring in: interpreters of the person's language first."""
    rows = ThirdParty.objects.filter(offices=call.ticket.office_id, closed_at=None).order_by("name")
    return sorted(rows, key=lambda one: not one.speaks(call.language))


@transaction.atomic
def supervise(call: Call, by: Principal, mode: str) -> Call:
    """A supervisor listens, whispers to the agent or takes part; in another mode, the same leg changes."""
    if by.role != "supervisor" or by.service:
        raise NotAllowedError(_("Listening in is for supervisors, on their own telephone."))
    call = Call.objects.locked(call.pk)
    must_be_talking(call)
    own = call.legs.filter(kind=Leg.Kind.SUPERVISOR, agent_id=by.agent_id, ended_at=None).first()
    if own is None:
        own = _dialled(call, by, mode)
    elif own.mode != mode:
        own.mode = mode
        own.save(update_fields=["mode"])
        if own.joined_at:
            order_again(Command.Kind.COACH, f"coach-{own.pk}", call=call, leg=own, argument=mode, rank=1)
    live.noted(call.work_item_id or 0, "call.supervised", actor=by.actor, call=call.pk, leg=own.pk, mode=mode)
    return call


@transaction.atomic
def leave(call: Call, by: Principal) -> Call:
    """The supervisor leaves; the conversation goes on. Who is not in it changes nothing."""
    call = Call.objects.locked(call.pk)
    for leg in call.legs.filter(kind=Leg.Kind.SUPERVISOR, agent_id=by.agent_id or 0, ended_at=None):
        legs.end_leg(call, leg, "left")
        live.noted(call.work_item_id or 0, "call.supervised", actor=by.actor, call=call.pk, leg=leg.pk, mode=LEAVE)
    return call


def _dialled(call: Call, by: Principal, mode: str) -> Leg:
    line = line_of(by.agent_id)
    if by.agent_id is None or not is_usable(line):
        raise InvalidError(_("You have no telephone of your own: enter one in the admin first."))
    return legs.dial(call, line, kind=Leg.Kind.SUPERVISOR, agent_id=by.agent_id, mode=mode)
