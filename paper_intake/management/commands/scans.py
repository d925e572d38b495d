"""`manage.py scans`: watch the scan folder until told to stop."""

import logging
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from contactcenter.stopping import Stop
from paper_intake.sandbox import Press
from paper_intake.watch import PATIENCE_S, POLL_S, QUIET_S, Inbox, inbox_folder, take_in

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """One of the processes of the service. Stopped at any moment, it loses nothing and doubles nothing."""

    help = "Watch the scan folder and take in what arrives."
    requires_system_checks = (Tags.security,)

    def add_arguments(self, parser: CommandParser) -> None:
        """Other patience for other scanners."""
        parser.add_argument("--quiet", type=float, default=QUIET_S, help="seconds without change make a file complete")
        parser.add_argument("--patience", type=float, default=PATIENCE_S, help="seconds for one that lacks its end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look through the folder every second."""
        stop = Stop()
        with Press() as press:
            inbox = Inbox(
                folder=inbox_folder(), take=take_in(press), quiet_s=options["quiet"], patience_s=options["patience"]
            )
            while not stop.told:
                try:
                    inbox.look()
                except Exception:
                    log.exception("paper.round_failed")
                close_old_connections()
                stop.wait(POLL_S)
