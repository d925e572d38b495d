"""Where agents are called: a telephone number, a SIP address, or their browser."""

import re

from django.conf import settings

from contactcenter.routing.models import Agent
from ivr.services.outgoing import may_call

SIMULATED_AGENT = "client:simulated-agent"  # the simulator's own leg answers, and proves itself
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SIP = re.compile(r"sips?:[^\s@;?]{1,80}@[A-Za-z0-9.-]{1,120}(:\d{1,5})?([;?][^\s]{0,200})?")
_BROWSER = re.compile(r"client:[A-Za-z0-9_.-]{1,100}")


def line_of(agent_id: int | None) -> str:
    """The agent's own line, else their browser; in the demo the simulator's leg."""
    if settings.CC_DEMO or agent_id is None:
        return SIMULATED_AGENT
    own = Agent.objects.filter(pk=agent_id).values_list("phone", flat=True).first()
    return own or f"client:{browser_name(agent_id)}"


def browser_name(agent_id: int) -> str:
    """By what name an agent's browser is called."""
    return f"agent-{agent_id}"


def is_usable(line: str) -> bool:
    """Whether this is a line that we may dial: a number in a country that we call, a SIP address or a browser."""
    if _NUMBER.fullmatch(line):
        return may_call(line)
    return line.isprintable() and bool(_SIP.fullmatch(line) or _BROWSER.fullmatch(line))
