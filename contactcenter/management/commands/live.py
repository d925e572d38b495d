"""`manage.py live`: the live page's sockets, and nothing else, served by an ASGI process."""

import logging
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from contactcenter import open_files
from contactcenter.routing import presence

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """One of the processes of the service."""

    help = "Serve the live page's sockets."
    requires_system_checks = (Tags.security,)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to stop."""
        import uvicorn

        if not settings.CC_LIVE_PORT:
            raise CommandError("CC_LIVE_PORT is not set: name the port on which the sockets are served (docs/env.md).")
        open_files.allow_many()
        _say_that_it_began()
        uvicorn.run(
            "contactcenter.asgi:application",
            host=settings.CC_HOST,
            port=settings.CC_LIVE_PORT,
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=3,
            ws="websockets-sansio",
        )


def _say_that_it_began() -> None:
    """While we were away no page could show a sign of life through us: nobody's silence counts from before."""
    try:
        presence.live_began()
    except Error as error:  # the database is away: nobody is put offline meanwhile
        logger.warning("That the live process began was not written down: %s", error)
    finally:
        connection.close()
