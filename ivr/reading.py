"""Read calls with the reader's rights: a call is seen by whom its ticket is."""

from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Assignment
from contactcenter.tickets.models import TicketEvent
from contactcenter.tickets.selectors import visible
from ivr.models import Call, CallState, Leg

OURS = "call-"  # the name of a call that the provider has not given an id yet


def call_named(sid: str, by: Principal) -> Call:
    """The call with the provider's id, or by our own name (`call-7`); NotFoundError where it is not theirs to see."""
    rows = Call.objects.select_related("ticket__office").filter(ticket__in=visible(by))
    number = sid.removeprefix(OURS)
    ours = sid.startswith(OURS) and number.isdecimal() and len(number) < 19
    call = rows.filter(pk=int(number)).first() if ours else rows.filter(sid=sid).first()
    if call is None:
        raise NotFoundError(_("There is no such call that you can see."))
    return call


def name_of(call: Call) -> str:
    """By what a call is asked for."""
    return call.sid or f"{OURS}{call.pk}"


def state_of(call: Call) -> str:
    """Where the call stands; a conversation may be `held`."""
    return "held" if call.state == CallState.CONNECTED and call.held_at else str(call.state)


def waited_s(call: Call) -> float:
    """How long the person waited for somebody: 0 for one whom we called."""
    if call.outgoing or call.waiting_since is None:
        return 0.0
    until = call.connected_at or call.ended_at
    return max(0.0, ((until or timezone.now()) - call.waiting_since).total_seconds())


def events_of(call: Call) -> list[TicketEvent]:
    """What happened to the call and to its work, the oldest first."""
    tickets = [call.ticket_id, call.ticket.merged_into_id or call.ticket_id]
    events = TicketEvent.objects.filter(ticket__in=tickets).order_by("pk")
    return [event for event in events if _is_about(event, call)]


def _is_about(event: TicketEvent, call: Call) -> bool:
    if event.data.get("call") == call.pk:
        return True
    return call.work_item_id is not None and event.data.get("work_item") == call.work_item_id


def agents_leg(call: Call) -> Leg | None:
    """The leg of the agent who talks, the newest where there are several."""
    legs = call.legs.filter(kind=Leg.Kind.AGENT, ended_at=None)
    return legs.exclude(joined_at=None).order_by("-pk").first()


def must_hold(call: Call, by: Principal) -> None:
    """Only who holds the call acts on it; a supervisor and the service token may step in."""
    if call.state == CallState.ENDED:
        raise InvalidError(_("This call is over."))
    held = Assignment.objects.filter(work_item=call.work_item_id or 0, ended_at=None).first()
    if held is None:
        raise InvalidError(_("Nobody has answered this call yet: take it first."))
    if held.actor != by.actor and not (by.service or by.role == "supervisor"):
        raise AlreadyTakenError(_("%(holder)s has this one.") % {"holder": held.holder}, holder=held.holder)


def must_be_talking(call: Call) -> None:
    """InvalidError unless person and agent hear each other."""
    if call.state != CallState.CONNECTED:
        raise InvalidError(_("The person and the agent are not connected now."))
