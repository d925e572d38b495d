"""`./run spool`: what was told while the database was away, and could not be taken in."""

from django.core.management.base import BaseCommand, CommandParser

from ivr import set_aside, spool


class Command(BaseCommand):
    """Look at what is set aside on this node, and have it tried again."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do with it."""
        parser.add_argument("--again", action="store_true", help="have `voice` carry them in again")

    def handle(self, **options: bool) -> None:
        """List them, and put them back among the others where asked to."""
        for line in set_aside.listed():
            self.stdout.write(line)
        files = spool.refused()
        if options["again"]:
            for file in files:
                spool.again(file)
        tried = "tried again within seconds" if options["again"] else "set aside"
        self.stdout.write(f"{len(files)} {tried}; {len(spool.waiting())} wait to be carried in.")
