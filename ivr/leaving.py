"""An agent is no longer there: nobody takes a call on the line that they had left open."""

from contactcenter.accounts.models import User
from contactcenter.routing.models import Agent
from ivr.services import standing


def agent_left(*, agent_id: int, **_more: object) -> None:
    """They are away or offline, whoever said so."""
    standing.end(agent_id)


def logged_out(*, user: User | None, **_more: object) -> None:
    """They logged out, and may still be told to be there until their silence is noticed."""
    agent = Agent.objects.filter(user=user).first() if user else None
    if agent:
        standing.end(agent.pk)
