"""What `./run doctor` asks the mailroom."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from contactcenter.doctor import Finding, ok, question, wrong
from paper_intake.models import Reading, Scan
from paper_intake.watch import inbox_folder, stuck

LATE = timedelta(minutes=15)


def plug_in() -> None:
    """Have the doctor ask."""
    question(scan_folder)
    question(reading)


def scan_folder() -> Iterator[Finding]:
    """Whether what is dropped is taken in."""
    if names := stuck():
        yield wrong(
            f"{len(names)} files lie in {inbox_folder()} and are not taken in: "
            "look at the process `scans` and at who may read them."
        )
    else:
        yield ok("the scan folder is empty or being worked on")


def reading() -> Iterator[Finding]:
    """Whether scans are read; none waits for it to be accepted."""
    late = Scan.objects.filter(reading__in=[Reading.WAITING, Reading.RUNNING], arrived_at__lt=timezone.now() - LATE)
    if count := late.count():
        yield wrong(f"{count} scans have not been read for a quarter of an hour: look at the worker for slow jobs.")
