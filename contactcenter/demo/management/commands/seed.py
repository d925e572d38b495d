"""`./run seed`: make the demo's world on the first start, and print the logins at every start."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contactcenter.demo.logins import LOGINS, passwords
from contactcenter.demo.seed import seed


class Command(BaseCommand):
    """Done twice, it changes nothing."""

    help = __doc__

    def handle(self, **options: object) -> None:
        if not settings.CC_DEMO:
            raise CommandError("The seed is for the demo alone: set CC_DEMO=1.")
        seed()
        known = passwords()
        for login in LOGINS:
            self.stdout.write(f"login {login.word} {login.username} {known[login.username]}")
