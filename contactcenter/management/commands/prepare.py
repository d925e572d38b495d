"""`manage.py prepare`: what must be done before the processes start. `./run` does it at every start."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from contactcenter import env, translations


class Command(BaseCommand):
    """Done twice, it changes nothing."""

    help = "Compile translations, migrate, and in the demo seed what a newcomer can try."

    def handle(self, *args: Any, **options: Any) -> None:
        """Translations first: the seed speaks French."""
        translations.compile_stale()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
        if settings.CC_DEMO:
            call_command("seed")
            if env.DEMO_MARK in settings.CC_API_TOKEN:  # ours, not one that somebody set
                self.stdout.write(f"token CC_API_TOKEN {settings.CC_API_TOKEN}")
