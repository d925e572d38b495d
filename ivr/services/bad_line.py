"""They cannot hear each other: another leg for the agent, or the person is called back at once. The place is kept."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError
from contactcenter.intake.services import amend
from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem
from ivr.holds import Hold
from ivr.models import CHANNEL, Call, CallState, Command, Leg
from ivr.reading import must_be_talking, must_hold
from ivr.services import holds, legs, outgoing, proofs
from ivr.services.agent_lines import is_usable
from ivr.services.orders import order

SWAP, CALL_BACK = "swap", "call_back"


@transaction.atomic
def bad_line(call: Call, by: Principal, *, do: str = SWAP, to: str = "") -> Call:
    """Mend a bad line: `swap` dials the agent anew (at `to`, where given), `call_back` the person as well."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    if to and not is_usable(to):
        raise InvalidError(_("This is no telephone number or SIP address that can be called: %(to)s") % {"to": to})
    mine = call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None).exclude(joined_at=None)
    leg = mine.filter(agent_id=by.agent_id).first() or mine.first()
    if leg is None:
        raise InvalidError(_("No agent is in this conversation."))
    live.noted(call.work_item_id or 0, "call.bad_line", actor=by.actor, call=call.pk, leg=leg.pk, did=do)
    proofs.forget(leg)
    return _called_back(call, leg, to or leg.to, by) if do == CALL_BACK else _swapped(call, leg, to or leg.to)


def _swapped(call: Call, leg: Leg, to: str) -> Call:
    """The person stays in the same hands; they hear the waiting music, unless somebody else is there to talk to."""
    legs.end_leg(call, leg, "swapped")
    others = call.legs.filter(ended_at=None).exclude(joined_at=None).exclude(kind=Leg.Kind.SUPERVISOR)
    if not others.exists():  # moving the person would end the conference for everybody in it
        for watching in call.legs.filter(kind=Leg.Kind.SUPERVISOR, ended_at=None):
            legs.end_leg(call, watching, "swapped")  # there is nobody to listen to
        holds.end(call, Hold.End.LINE)
        call.now(CallState.CONNECTING)
        order(Command.Kind.MOVE, f"bad-line-{leg.pk}", call=call, argument="park", rank=1)
    legs.dial(call, to, agent_id=leg.agent_id)
    return call


def _called_back(call: Call, leg: Leg, to: str, by: Principal) -> Call:
    """The person's own line was bad: the call ends, and another begins in the same hands at the same place."""
    if not call.number or not outgoing.may_call(call.number):
        raise InvalidError(_("We have no number to call this person back: swap your own line."))
    if outgoing.is_spent(call.number):
        raise InvalidError(_("This number was called too often today: swap your own line."))
    item = _callback_of(call, by)
    legs.end_leg(call, leg, "swapped")
    holds.end(call, Hold.End.LINE)
    legs.drop_agent(call)
    legs.dial_no_more(call)
    again = Call.objects.create(
        outgoing=True,
        number=call.number,
        line=call.line,
        ticket=call.ticket,
        language=call.language,
        slow=call.slow,
        work_item_id=item.pk,
        state=CallState.CONNECTING,
    )
    legs.dial(again, to, agent_id=leg.agent_id)
    return again


def _callback_of(call: Call, by: Principal) -> WorkItem:
    """The work goes on as a callback that keeps the caller's place."""
    was = WorkItem.objects.get(pk=call.work_item_id or 0)
    if was.kind == Kind.CALLBACK:
        return was
    routing.withdraw(was.pk, actor=by.actor, outcome="bad_line")
    ticket = amend(
        channel=CHANNEL,
        external_id=call.sid or "",
        needs=Kind.CALLBACK,
        enqueued_at=was.enqueued_at,
        actor=by.actor,
    )
    fresh = WorkItem.objects.waiting().filter(ticket=ticket, kind=Kind.CALLBACK).order_by("-pk")[0]
    return live.take_up(fresh.pk, by)
