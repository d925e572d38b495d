"""Whether an agent who is to be given something is there for it: who is on the line is given to nobody else."""

from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError
from contactcenter.routing import holding
from contactcenter.routing.floor import SEEN
from contactcenter.routing.models import LEASE, Agent, Presence


def is_there(agent_id: int) -> bool:
    """Whether the agent is there for work, who then does not leave before the transaction ends."""
    there = Agent.objects.filter(pk=agent_id, presence=Presence.AVAILABLE, seen_at__gte=timezone.now() - SEEN)
    return there.select_for_update(no_key=True).exists()


def must_answer(agent: Agent) -> None:
    """InvalidError unless this one is there, with a free line, for somebody who waits on theirs."""
    name = {"name": agent}
    if not is_there(agent.pk):
        raise InvalidError(_("%(name)s is not there, and somebody is on the line: choose who is, or a queue.") % name)
    if holding.is_on_the_line(agent.pk):
        raise InvalidError(_("%(name)s is on the line already: choose somebody else, or a queue.") % name)


def absence(agent: Agent) -> str:
    """That an agent is not there for what lies in their hands now, and what becomes of it; "" for who is there."""
    facts = {"name": agent, "minutes": LEASE.seconds // 60}
    if agent.presence == Presence.AWAY:
        return _("%(name)s is away: unless they go on with it, it waits again after %(minutes)d minutes.") % facts
    if agent.presence == Presence.OFFLINE:
        return _("%(name)s is not there: unless they come within two minutes, it waits again.") % facts
    return ""
