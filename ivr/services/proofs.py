"""A line is proved both ways before a caller is connected: its agent keys what they hear, and we hear them."""

import secrets
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from contactcenter.crypto import blind_index, blind_indexes
from ivr.models import Leg, LineProof

HOLDS = timedelta(hours=4)
MOST_TRIES = 3
QUIETEST = 0.0005  # of a microphone, from 0 to 1: below it is switched off
HEARD = "0"  # in place of the digit, once it was keyed; never asked for itself


def is_proved(leg: Leg) -> bool:
    """Whether this agent's line was proved lately: then any key takes the call."""
    known = LineProof.objects.filter(agent_id=leg.agent_id or 0, line_index__in=blind_indexes(leg.to))
    return known.filter(proved_at__gt=timezone.now() - HOLDS).exists()


def ask(leg: Leg) -> str:
    """A new random digit that the agent must hear and key."""
    leg.digit = secrets.choice("123456789")
    leg.save(update_fields=["digit"])
    return leg.digit


def is_right(leg: Leg, digits: str) -> bool:
    """Whether the agent keyed what they were told; a wrong or missing key is counted."""
    if leg.digit == HEARD:  # told twice
        return True
    if not leg.digit or digits != leg.digit:
        return miss(leg)
    leg.digit = HEARD
    leg.save(update_fields=["digit"])
    return True


def was_heard(leg: Leg, said: str) -> bool:
    """Whether the agent was heard; silence is counted. With the digit, which must come first, this proves the line."""
    if leg.digit != HEARD or not said.strip():
        return miss(leg)
    keep(leg.agent_id or 0, leg.to)
    return True


def keep(agent_id: int, line: str) -> None:
    """This line is proved from now on, by digit and voice, or in a browser by preflight and input level."""
    LineProof.objects.update_or_create(
        agent_id=agent_id, line_index=blind_index(line), defaults={"proved_at": timezone.now()}
    )


def is_hopeless(leg: Leg) -> bool:
    """Whether it was tried often enough."""
    return leg.tries >= MOST_TRIES


def forget(leg: Leg) -> None:
    """The line was bad: it is proved anew before the next caller."""
    LineProof.objects.filter(agent_id=leg.agent_id or 0, line_index__in=blind_indexes(leg.to)).delete()


def miss(leg: Leg) -> bool:
    """Count an answer that did not come or was wrong; never one that proves anything."""
    Leg.objects.filter(pk=leg.pk).update(tries=F("tries") + 1)
    leg.refresh_from_db(fields=["tries"])
    return False
