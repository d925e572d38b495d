"""Signs of life: any request of an agent, by page or API, says that they are there; it is written down seldom.

A thousand open desks would otherwise be a hundred small transactions a second that say nothing new.
"""

import time

from contactcenter.routing import presence

OFTEN_ENOUGH = 10.0  # seconds between two signs of life of one agent that a process passes on

_passed_on: dict[int, float] = {}


def sign_of_life(agent_id: int | None) -> None:
    """Note that the agent is there, at most once in ten seconds per process, however many tabs are open."""
    if agent_id is None or time.monotonic() - _passed_on.get(agent_id, -OFTEN_ENOUGH) < OFTEN_ENOUGH:
        return
    _passed_on[agent_id] = time.monotonic()
    presence.signs_of_life([agent_id])


def forget() -> None:
    """Pass the next sign of everybody on."""
    _passed_on.clear()
