"""A conversation is passed on with its ticket: at once (cold), or after a word with the colleague (warm)."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.passing import pass_call_on, tell_who_comes_in
from contactcenter.desk.services import one_destination
from contactcenter.errors import InvalidError
from contactcenter.routing import calls as live
from contactcenter.routing.models import Agent, Queue, WorkItem
from ivr.holds import Hold
from ivr.models import Call, CallState, Command
from ivr.reading import must_be_talking, must_hold
from ivr.services import holds, legs
from ivr.services.agent_lines import is_usable, line_of
from ivr.services.orders import order


@transaction.atomic
def transfer(
    call: Call,
    by: Principal,
    *,
    queue: Queue | None = None,
    agent: Agent | None = None,
    warm: bool = False,
    text: str = "",
) -> Call:
    """Pass a call on: the person waits at their place for whoever comes, or meets the colleague at once."""
    call = Call.objects.locked(call.pk)
    must_hold(call, by)
    must_be_talking(call)
    one_destination(queue, agent)
    if agent and any(leg.agent_id == agent.pk for leg in call.legs.filter(ended_at=None)):
        raise InvalidError(_("%(agent)s is in this conversation already.") % {"agent": agent})
    item = WorkItem.objects.select_related("ticket").get(pk=call.work_item_id or 0)
    if warm and agent:
        tell_who_comes_in(item, by, text)
        return _bring_in(call, agent, by)
    for leg in call.legs.filter(ended_at=None):
        legs.part(call, leg, "passed_on")
    pass_call_on(item, by, queue=queue, agent=agent, text=text)
    holds.end(call, Hold.End.PASSED_ON)
    call.now(CallState.CONNECTING if agent else CallState.WAITING)
    count = call.commands.filter(kind=Command.Kind.MOVE).count()
    order(Command.Kind.MOVE, f"passed-{call.pk}-{count}", call=call, argument="park", rank=1)
    if agent:
        _dial(call, agent)
    return call


def _bring_in(call: Call, agent: Agent, by: Principal) -> Call:
    """The colleague comes into the conversation; when who brought them leaves, they go on with it."""
    _dial(call, agent)
    live.noted(call.work_item_id or 0, "call.colleague_asked", actor=by.actor, call=call.pk, agent=agent.pk)
    return call


def _dial(call: Call, agent: Agent) -> None:
    line = line_of(agent.pk)
    if not is_usable(line):
        raise InvalidError(_("%(agent)s has no telephone that can be called.") % {"agent": agent})
    legs.bring(call, line, agent_id=agent.pk)
