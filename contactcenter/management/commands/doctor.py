"""`./run doctor`: say what is well, what is missing and what is stuck."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contactcenter import checkup  # noqa: F401  # registers the core's questions
from contactcenter.doctor import Verdict, examine


class Command(BaseCommand):
    """Its exit code is 1 where somebody has to act."""

    help = "Examine this centre."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each finding."""
        wrong = 0
        for finding in examine():
            wrong += finding.verdict == Verdict.WRONG
            self.stdout.write(f"{finding.verdict:5}  {finding.text}")
        if wrong:
            raise CommandError(f"{wrong} of these need somebody to act.")
