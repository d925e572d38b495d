"""`./run procedures import FILE`: publish a catalogue; without a file, the one that comes with the product."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contactcenter.errors import DomainError
from contactcenter.procedures.reading import OURS, CatalogueError, read_catalogue
from contactcenter.procedures.services import import_entries


class Command(BaseCommand):
    """Publish a catalogue of procedures from YAML."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["import"])
        parser.add_argument("file", nargs="?", type=Path, default=OURS)

    def handle(self, *, verb: str, file: Path, **options: object) -> None:
        try:
            published = import_entries(read_catalogue(file.read_text("utf-8")))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not text in UTF-8.") from error
        except CatalogueError as error:
            raise CommandError("\n".join(error.mistakes)) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{published} procedures published.")
