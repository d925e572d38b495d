"""Sign of life: an agent with a desk page open, or one who asks for pages, is there."""

import time

from contactcenter.routing import presence

OFTEN_ENOUGH = 10.0  # seconds between two signs of life of one agent that a process passes on

_passed_on: dict[int, float] = {}


def sign_of_life(agent_id: int | None) -> None:
    """Note that the agent is there, at most once in ten seconds per process, however many tabs are open."""
    if agent_id is None or time.monotonic() - _passed_on.get(agent_id, -OFTEN_ENOUGH) < OFTEN_ENOUGH:
        return
    _passed_on[agent_id] = time.monotonic()
    presence.sign_of_life(agent_id)
