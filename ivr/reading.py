"""Read calls with the reader's rights: a call is seen by whom its ticket is."""

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.ids import id_in
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Assignment
from contactcenter.tickets.models import Interaction, TicketEvent
from contactcenter.tickets.selectors import visible
from ivr.models import CHANNEL, Call, CallState, Command, Leg
from ivr.sids import is_sid

OURS = "call-"  # the name of a call that the provider has not given an id yet


def call_named(sid: str, by: Principal) -> Call:
    """The call with the provider's id, or by our own name (`call-7`); NotFoundError where it is not theirs to see."""
    rows = Call.objects.select_related("ticket__office").filter(ticket__in=visible(by))
    number = id_in(sid.removeprefix(OURS)) if sid.startswith(OURS) else None
    named = rows.filter(sid=sid) if number is None else rows.filter(pk=number)
    call = named.first() if is_sid(sid) else None  # with a NUL PostgreSQL compares nothing
    if call is None:
        raise NotFoundError(_("There is no such call that you can see."))
    return call


def name_of(call: Call) -> str:
    """By what a call is asked for."""
    return call.sid or ours(call)


def ours(call: Call) -> str:
    """What we call it ourselves, from before the provider knows it."""
    return f"{OURS}{call.pk}"


def said_as(call: Call) -> str:
    """By which id its interaction is known: one that came in by the provider's, one of ours by our own name."""
    return ours(call) if call.outgoing else call.sid or ""


def of_interactions(interaction_ids: Collection[int]) -> dict[int, Call]:
    """The calls that were these interactions: those that came in by the provider's id, ours by our own name."""
    rows = Interaction.objects.filter(pk__in=interaction_ids, channel=CHANNEL).exclude(external_id=None)
    named = {str(name): pk for name, pk in rows.values_list("external_id", "pk")}
    numbers = [int(name.removeprefix(OURS)) for name in named if name.startswith(OURS)]
    calls = Call.objects.filter(Q(sid__in=named, outgoing=False) | Q(pk__in=numbers, outgoing=True))
    return {named[said_as(call)]: call for call in calls.prefetch_related("claims")}


def with_a_message(calls: Mapping[int, Call]) -> set[int]:
    """Those of these interactions, with their calls, whose person left a message: they spoke, and it was recorded.

    Work to answer is no sign of that: it waits also on a call that an agent put on a request of its own.
    """
    recorded = Command.objects.filter(call__in=calls.values(), kind=Command.Kind.FETCH)
    spoke = set(recorded.values_list("call", flat=True))
    return {pk for pk, call in calls.items() if call.pk in spoke}


def talked_s(call: Call) -> float | None:
    """How long person and agent spoke, until now where they still do; None where they did not."""
    if call.connected_at is None:
        return None
    return ((call.ended_at or timezone.now()) - call.connected_at).total_seconds()


def state_of(call: Call) -> str:
    """Where the call stands; a conversation may be `held`."""
    return "held" if call.state == CallState.CONNECTED and call.held_at else str(call.state)


def waited_s(call: Call) -> float:
    """How long the person waited for somebody: 0 for one whom we called."""
    if call.outgoing or call.waiting_since is None:
        return 0.0
    until = call.connected_at or call.ended_at
    return max(0.0, ((until or timezone.now()) - call.waiting_since).total_seconds())


def facts_of(call: Call) -> dict[str, object]:
    """What stands beside its interaction; `reached` is whether person and agent spoke, None while nobody knows."""
    over = call.ended_at is not None
    return {
        "sid": name_of(call),
        "outgoing": call.outgoing,
        "state": state_of(call),
        "started_at": call.started_at.isoformat(),
        "connected_at": call.connected_at.isoformat() if call.connected_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "waited_s": waited_s(call),
        "talked_s": talked_s(call),
        "reached": bool(call.connected_at) if call.connected_at or over else None,
    }


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
