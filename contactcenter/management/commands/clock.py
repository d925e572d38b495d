"""`manage.py clock`: ring for everything that is due by the time alone."""

from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from contactcenter import schedule


class Command(BaseCommand):
    """One of the processes of the service; two of them do no harm."""

    help = "Ring for sweeps, wake-ups and alarms when they are due."
    requires_system_checks = (Tags.security,)

    def handle(self, *args: Any, **options: Any) -> None:
        """Tick until told to stop."""
        schedule.tick_for_ever()
