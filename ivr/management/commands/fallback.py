"""`./run fallback FOLDER`: write the documents that another host serves to callers while we cannot."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from ivr.fallback import FIRST, documents
from ivr.prompts import CODES


class Command(BaseCommand):
    """Needs no database: the documents hold what every line says."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write them")
        parser.add_argument("--languages", default="fr,en,ar,es", help=f"of {','.join(CODES)}; keep it short")

    def handle(self, *, folder: Path, languages: str, **options: object) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in documents([code for code in languages.split(",") if code in CODES]).items():
            (folder / name).write_text(document, encoding="utf-8")
        self.stdout.write(
            f"Serve {folder} from another host as text/xml, and give the number {FIRST} there as its fallback, by GET."
        )
