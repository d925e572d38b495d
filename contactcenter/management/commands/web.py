"""`manage.py web`: pages, API, forms and webhooks, served by WSGI processes."""

import gc
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.urls import get_resolver

from contactcenter import open_files

WORKERS = 2
THREADS = 2  # in each worker: one slow upload does not hold up the next request
CONNECTIONS = 8192  # held open by each worker: an open page keeps one, and one more would wait until another closed


class Command(BaseCommand):
    """One of the processes of the service."""

    help = "Serve HTTP."
    requires_system_checks = (Tags.security,)

    def add_arguments(self, parser: CommandParser) -> None:
        """More workers for more cores."""
        parser.add_argument("--workers", type=int, default=WORKERS)
        parser.add_argument("--threads", type=int, default=THREADS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        # The workers are copies of this process: they share what is loaded here, and no first caller waits for it.
        _ = get_resolver().url_patterns
        connections.close_all()  # they open their own
        gc.collect()
        gc.freeze()  # a collector that walks through what they share would make each a copy of its own
        open_files.allow_many()
        Granian(
            "contactcenter.wsgi:application",
            address=settings.CC_HOST,
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=options["workers"],
            blocking_threads=options["threads"],
            backlog=CONNECTIONS,
            backpressure=CONNECTIONS,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=5,
        ).serve()
