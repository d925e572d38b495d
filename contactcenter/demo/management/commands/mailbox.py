"""`./run mailbox`: the demo mailbox, where the demo's outgoing mail stops."""

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand

from contactcenter.demo.mailbox import serve
from contactcenter.listening import until_stopped


class Command(BaseCommand):
    """The demo mailbox, a process of its own."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        until_stopped(serve, settings.CC_MAILBOX_PORT)
