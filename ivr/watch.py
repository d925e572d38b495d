"""A leg whose end was never told is found out within seconds, so that nobody is left talking to nobody."""

import logging
import threading
from datetime import timedelta

from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from contactcenter.stopping import Stop
from ivr.models import Leg
from ivr.provider import Provider
from ivr.services import legs
from ivr.sweeps import in_turn

log = logging.getLogger(__name__)

EVERY_S = 10.0
SETTLED = timedelta(seconds=5)  # a leg just dialled tells for itself
AT_ONCE = 100


def watch_legs(provider: Provider) -> int:
    """Ask the provider after each leg that should be up; returns how many were over."""
    wanted = Q(call__state__in=legs.IN_TALK) | Q(call=None, stands_since__isnull=False)
    up = Leg.objects.filter(wanted, ended_at=None, started_at__lte=timezone.now() - SETTLED).exclude(sid="")
    over = [leg for leg in in_turn("up", up, AT_ONCE) if provider.is_over(leg.sid)]
    for leg in over:
        legs.leg_gone(leg, at=provider.over_at(leg.sid))
    return len(over)


def watching(stop: Stop) -> threading.Thread:
    """Watch beside the commands, which must not wait for these answers."""
    thread = threading.Thread(target=_watch, args=(stop,), name="watch", daemon=True)
    thread.start()
    return thread


def _watch(stop: Stop) -> None:
    provider = Provider()
    while not stop.wait(EVERY_S):
        try:
            watch_legs(provider)
        except Exception:  # the next round asks again
            log.exception("voice.watch_failed")
        close_old_connections()
    connection.close()
