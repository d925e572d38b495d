"""`manage.py scans`: watch the scan folder until told to stop."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from paper_intake.sandbox import Press
from paper_intake.watch import POLL_S, Inbox, inbox_folder, take_in

log = logging.getLogger(__name__)


class Command(BaseCommand):
    """One of the processes of the service. Stopped at any moment, it loses nothing and doubles nothing."""

    help = "Watch the scan folder and take in what arrives."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look through the folder every second."""
        stop = threading.Event()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: stop.set())
        with Press() as press:
            inbox = Inbox(folder=inbox_folder(), take=take_in(press))
            while not stop.is_set():
                try:
                    inbox.look()
                except Exception:
                    log.exception("paper.round_failed")
                close_old_connections()
                stop.wait(POLL_S)
