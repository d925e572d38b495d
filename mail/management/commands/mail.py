"""`./run mail`: take mail by SMTP on CC_SMTP_PORT until told to stop."""

import asyncio
import signal

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand

from mail.server import serve


class Command(BaseCommand):
    """The mail listener, a process of its own."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        asyncio.run(_until_stopped())


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = await serve("127.0.0.1", settings.CC_SMTP_PORT)
    await stopped.wait()
    server.close()
    await server.wait_closed()
