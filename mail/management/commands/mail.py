"""`./run mail`: take mail by SMTP on CC_SMTP_PORT until told to stop."""

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand

from contactcenter.listening import until_stopped
from mail.server import serve


class Command(BaseCommand):
    """The mail listener, a process of its own."""

    help = __doc__
    requires_system_checks = (Tags.security,)

    def handle(self, **options: object) -> None:
        until_stopped(serve, settings.CC_SMTP_PORT)
