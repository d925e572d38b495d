"""`./run forget_factors USER`: for the day on which no administrator can come in to do it on the page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.accounts import second_factor
from contactcenter.accounts.models import User
from contactcenter.accounts.tracing import FORGOTTEN, trace


class Command(BaseCommand):
    """The user's history keeps that it was done here."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        second_factor.reset(user)
        trace(user, f"{FORGOTTEN} (command line)")
        self.stdout.write(f"{username} logs in by password alone now, and sets up a new second factor.")
