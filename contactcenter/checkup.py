"""What the doctor asks the core: its servers, its data, what is stuck, what alarms are open."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from contactcenter import checks, jobs
from contactcenter.doctor import Finding, note, ok, question, wrong
from contactcenter.outbox.models import Delivery, DeliveryState
from contactcenter.reports.alarms import open_alarms
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.seals import broken_days

LATE = timedelta(minutes=10)


@question
def secrets() -> Iterator[Finding]:
    """Whether we may start at all."""
    for error in checks.own_secrets(None):
        yield wrong(str(error.msg))


@question
def database() -> Iterator[Finding]:
    """Whether it answers and has the shape that this version wants."""
    executor = MigrationExecutor(connection)
    if pending := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield wrong(f"{len(pending)} migrations wait: run `./run migrate`.")
    else:
        yield ok(f"database ({connection.vendor}) answers and is up to date")


@question
def doorbell() -> Iterator[Finding]:
    """Whether Redis is there, and somebody hears it."""
    if not jobs.answers():
        yield wrong(
            "Redis does not answer: jobs wait for the clock; start the centre with `./run`, or check REDIS_URL."
        )
        return
    yield ok("Redis answers")
    for queue, workers in jobs.workers().items():
        yield (
            ok(f"{workers} worker for {queue} jobs")
            if workers
            else wrong(f"No worker for {queue} jobs: start one with `./run worker`.")
        )


@question
def reading_paper() -> Iterator[Finding]:
    """Whether scans can be read."""
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        yield note(
            "Tesseract is missing: scans are accepted and wait for a person to key them in; "
            "install it with `sudo apt-get install tesseract-ocr-fra` (macOS: `brew install tesseract-lang`)."
        )
        return
    listed = subprocess.run([tesseract, "--list-langs"], capture_output=True, text=True, check=False, timeout=20)
    if "fra" in listed.stdout.split():
        yield ok("Tesseract reads French")
    else:
        yield note("Tesseract has no French: install it with `sudo apt-get install tesseract-ocr-fra`.")


@question
def deliveries() -> Iterator[Finding]:
    """Whether what we say leaves the building."""
    late = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lt=timezone.now() - LATE).count()
    if late:
        yield wrong(f"{late} deliveries are more than ten minutes late: look at the worker and at CC_MAIL_RELAY.")
    else:
        yield ok("nothing is stuck in the outbox")


@question
def undelivered() -> Iterator[Finding]:
    """Whether somebody could not be reached and waits for a human to find another way."""
    waiting = WorkItem.objects.filter(kind="undelivered", done_at=None).count()
    if waiting:
        yield note(f"{waiting} answers could not be delivered and wait on the desk for another way.")


@question
def alarms() -> Iterator[Finding]:
    """Every alarm that is open."""
    for alarm in open_alarms():
        yield wrong(f"{alarm.text} (since {alarm.opened_at:%Y-%m-%d %H:%M} UTC)")


@question
def demo() -> Iterator[Finding]:
    """Which of the two columns of docs/operations.md holds here."""
    if settings.CC_DEMO:
        yield note("This is the demo: it calls nobody and writes to nobody, and its office is open at all hours.")


@question
def stories() -> Iterator[Finding]:
    """Whether what has happened is still what was sealed."""
    days = ", ".join(str(day) for day in broken_days())
    yield (
        wrong(f"The events of {days} were changed: restore them from a backup.") if days else ok("no story was changed")
    )
