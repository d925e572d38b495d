"""`./run token USER`: print a bearer token that may do what the user may."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.accounts.models import ApiToken, User


class Command(BaseCommand):
    """Make a token; only its SHA-256 is kept, so it is shown this once."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *, username: str, name: str, **options: object) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user “{username}”: make one in the administration.")
        self.stdout.write(ApiToken.issue(user, name[:80]))
