"""`manage.py live`: the live page's sockets, and nothing else, served by an ASGI process."""

from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from contactcenter import open_files


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
        uvicorn.run(
            "contactcenter.asgi:application",
            host=settings.CC_HOST,
            port=settings.CC_LIVE_PORT,
            log_level="warning",
            lifespan="off",
            timeout_graceful_shutdown=3,
            ws="websockets-sansio",
        )
