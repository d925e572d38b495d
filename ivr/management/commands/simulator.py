"""`./run simulator`: the demo's telephone network, where its calls ring and its texts arrive."""

import signal
import threading

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand

from ivr.simulator.network import Network
from ivr.simulator.rest import serve
from ivr.simulator.webhooks import Webhooks


class Command(BaseCommand):
    """A process of its own, in the demo only."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        webhooks = Webhooks(settings.CC_PUBLIC_BASE_URL, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_ACCOUNT_SID)
        server = serve(Network(webhooks), settings.CC_SIMULATOR_PORT)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        server.serve_forever(poll_interval=0.2)
