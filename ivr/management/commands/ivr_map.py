"""`./run ivr-map [--to FILE]`: draw what the telephone asks, from the data that answers the calls."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from ivr.drawing import draw


class Command(BaseCommand):
    """Writes an SVG picture."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="the file to write; else it goes to the standard output")

    def handle(self, *, to: str, **options: object) -> None:
        if not to:
            self.stdout.write(draw(), ending="")
            return
        Path(to).write_text(draw(), encoding="utf-8")
        self.stdout.write(f"drawn to {to}")
