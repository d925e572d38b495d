"""`./run voice`: carry commands to the telephone provider, until told to stop."""

import logging
import time

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from contactcenter import jobs
from contactcenter.stopping import Stop
from ivr.carry import carry_due
from ivr.provider import Provider
from ivr.replay import carry_in
from ivr.sweeps import ask_after

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0
ASK_EVERY_S = 30.0


class Command(BaseCommand):
    """A process of its own, so that no draining of mail delays a caller."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        stop = Stop()
        provider = Provider()
        ask_next = 0.0
        while not stop.told:
            try:
                carry_in()
                carried = carry_due(provider)
                if time.monotonic() >= ask_next:
                    ask_next = time.monotonic() + ASK_EVERY_S
                    ask_after(provider)
            except Exception:  # the line goes on: what is due stays due, and is tried again
                log.exception("voice.round_failed")
                close_old_connections()
                carried = 0
            if not carried:
                jobs.wait("voice", LOOK_EVERY_S)
