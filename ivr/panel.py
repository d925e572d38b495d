"""What the ticket's page shows of its live call: who is on the line, and what can be done there."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter.accounts.principal import Principal
from contactcenter.routing.holding import holder_of
from contactcenter.routing.models import Agent, WorkItem
from contactcenter.routing.selectors import agents_to_pass_to, queues_to_pass_to
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import whole
from ivr import tape_panel
from ivr.models import Call, CallState, Leg
from ivr.reading import name_of, state_of
from ivr.services import callbacks, guests, outgoing
from ivr.tapes import Tape

STATES = {
    CallState.MENU: gettext_lazy("in the menu"),
    CallState.WAITING: gettext_lazy("waits for somebody"),
    CallState.RECORDING: gettext_lazy("leaves a message"),
    CallState.CONNECTING: gettext_lazy("is being connected"),
    CallState.CONNECTED: gettext_lazy("in conversation"),
    "held": gettext_lazy("on hold"),
}
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody besides the person on the line, and how far they have come."""

    who: str
    how: str


def panel(request: HttpRequest, ticket: Ticket, by: Principal) -> str:
    """The live call, or the button that calls the person, and what was recorded; "" where there is nothing."""
    is_taped = Exists(Tape.objects.filter(call=OuterRef("pk")))
    rows = Call.objects.filter(ticket__in=whole(ticket)).annotate(is_taped=is_taped)
    calls = list(rows.filter(~Q(state=CallState.ENDED) | Q(is_taped=True)).order_by("-pk")[:MOST])
    call = next((one for one in calls if one.state != CallState.ENDED), None)
    context = _of_call(call, by) if call else {"may_call": _may_call(ticket, by)}
    taped = [one for one in calls if one.is_taped]  # type: ignore[attr-defined]  # annotated above
    known = {"ticket": ticket, "call": call, "tapes": list(tape_panel.kept_of(taped, by)) if taped else []}
    return render_to_string("ivr/_live.html", {**known, **context}, request=request)


def _may_call(ticket: Ticket, by: Principal) -> bool:
    number = callbacks.number_now(ticket) if by.may_write else ""
    return bool(number) and outgoing.may_call(number)


def _of_call(call: Call, by: Principal) -> dict[str, object]:
    item = WorkItem.objects.filter(pk=call.work_item_id or 0).first()
    holder = holder_of(item) if item else None
    mine = holder is not None and holder.actor == by.actor and by.may_write
    talking = call.state == CallState.CONNECTED
    legs = list(call.legs.filter(ended_at=None).order_by("pk"))
    own = next((leg for leg in legs if leg.agent_id == by.agent_id), None)
    taped = tape_panel.state_of(call) if talking else ""
    return {
        "sid": name_of(call),
        "taped": tape_panel.SAID.get(taped, ""),
        "tape_do": "" if call.held_at else tape_panel.next_of(taped),
        "state": STATES.get(state_of(call), call.state),
        "present": [_presence(leg) for leg in legs],
        "mine": mine and talking,
        "muted": bool(own and own.muted),
        "watches": talking and by.role == "supervisor" and not by.service and not mine,
        "mode": own.mode if own else "",
        "queues": queues_to_pass_to(by).order_by("name")[:MOST] if mine and talking else (),
        "colleagues": agents_to_pass_to(by).exclude(pk=by.agent_id or 0)[:MOST] if mine and talking else (),
        "guests": guests.listed(call)[:MOST] if mine and talking else (),
        "modes": Leg.Mode.choices,
    }


def _presence(leg: Leg) -> Presence:
    agent = Agent.objects.filter(pk=leg.agent_id or 0).select_related("user").first()
    who = str(agent) if agent else str(leg.get_kind_display())
    if leg.joined_at:
        how = str(leg.get_mode_display()) if leg.mode else _("is there")
    else:
        how = _("proves the line") if leg.answered_at else _("is being called")
    return Presence(who=who, how=how)
