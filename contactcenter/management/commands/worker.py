"""`manage.py worker`: run what was rung for; quick jobs here, slow ones (scans to read) in a second process beside."""

import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser

from contactcenter import jobs
from contactcenter.lifeline import die_with_parent


class Command(BaseCommand):
    """One of the processes of the service. Stopped at any moment, a sweep finds what it left."""

    help = "Run jobs."
    requires_system_checks = (Tags.security,)

    def add_arguments(self, parser: CommandParser) -> None:
        """On big machines each job queue may have processes of its own."""
        parser.add_argument("--queue", choices=(jobs.FAST, jobs.SLOW), help="work on this job queue alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to stop."""
        if options["queue"]:
            jobs.work(options["queue"])
            return
        threading.Thread(target=_keep_beside, args=(jobs.SLOW,), daemon=True).start()
        jobs.work(jobs.FAST)


def _keep_beside(queue: str) -> None:
    """Keep a process for the other job queue running; it ends with this one."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--queue", queue]
    while True:
        subprocess.run(command, check=False, preexec_fn=die_with_parent)
        time.sleep(1)
