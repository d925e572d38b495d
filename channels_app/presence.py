"""Sign of life: an agent with a desk page open, or one who asks for pages, is there.

What is written down is seldom: a thousand open desks would otherwise be a hundred small transactions a second that say
nothing new.
"""

import time
from datetime import timedelta

from django.utils import timezone

from contactcenter.routing import presence
from contactcenter.routing.readers import Reader

OFTEN_ENOUGH = 10.0  # seconds between two signs of life of one agent that a process passes on
FRESH = timedelta(seconds=15)  # a sign in the database that is younger needs no other from a page that re-reads

_passed_on: dict[int, float] = {}


def sign_of_life(agent_id: int | None) -> None:
    """Note that the agent is there, at most once in ten seconds per process, however many tabs are open."""
    if agent_id is None or time.monotonic() - _passed_on.get(agent_id, -OFTEN_ENOUGH) < OFTEN_ENOUGH:
        return
    _passed_on[agent_id] = time.monotonic()
    presence.signs_of_life([agent_id])


def sign_of_reader(reader: Reader) -> None:
    """The same for a page that reads again, of whom the last sign is known."""
    if reader.seen_at is None or timezone.now() - reader.seen_at > FRESH:
        sign_of_life(reader.by.agent_id)
