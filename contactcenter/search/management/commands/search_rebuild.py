"""`manage.py search_rebuild`: gather the words of all tickets anew."""

from typing import Any

from django.core.management.base import BaseCommand

from contactcenter.search.gathering import analyse, rebuild
from contactcenter.search.models import Entry


class Command(BaseCommand):
    """Needed where rows were written past the application, or where CHANGELOG.md says so of a new version."""

    help = "Gather the words that tickets are found by anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """All of them, in batches."""
        rebuild()
        analyse()
        self.stdout.write(f"{Entry.objects.count()} tickets can be found.")
