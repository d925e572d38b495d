"""`./run voice`: carry commands to the telephone provider, until told to stop."""

import logging

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from contactcenter import jobs
from contactcenter.stopping import Stop
from ivr.carry import carry_due
from ivr.provider import Provider

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0


class Command(BaseCommand):
    """A process of its own, so that no draining of mail delays a caller."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        stop = Stop()
        provider = Provider()
        while not stop.told:
            try:
                carried = carry_due(provider)
            except Error:
                log.exception("voice.database_away")
                close_old_connections()
                carried = 0
            if not carried:
                jobs.wait("voice", LOOK_EVERY_S)
