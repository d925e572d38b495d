"""Read a scan: previews of its pages, and their text where the file or the machine knows it.

A job for one scan, run by a worker or found by the sweep. Each page is kept as soon as it is done, so that a job that
dies goes on where it stopped; a page that cannot be opened costs itself alone.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contactcenter import jobs, vault
from contactcenter.intake.services import amend
from contactcenter.routing.models import WorkItem, WorkState
from paper_intake import tesseract
from paper_intake.models import Page, Problem, Reading, Scan
from paper_intake.previews import preview_path
from paper_intake.sandbox import Press

MOST_PAGES = 20
PAGE_S = 30.0
LEASE = timedelta(minutes=3)
BUDGET_S = 100.0  # of one run; the rest is another job, so that a long letter lets short ones in between
TRIES = 4
SWEPT = 20
ACTOR = "reader"


def read_scan(scan_id: int) -> None:
    """Job: make previews and read what has not been read. Run twice at once, each page is done once."""
    if not _claim(scan_id):
        return
    scan = Scan.objects.select_related("interaction").get(pk=scan_id)
    if scan.attempts > TRIES:
        _finish(scan)
        return
    end = time.monotonic() + BUDGET_S
    with Press() as press, tempfile.TemporaryDirectory(prefix="cc-read-") as folder:
        for number in _missing(scan):
            if time.monotonic() > end:
                _go_on_later(scan)
                return
            _read_page(scan, number, press, Path(folder))
    _finish(scan)


def sweep_unread() -> int:
    """Ask again for what no worker has read; returns how many."""
    due = Scan.objects.filter(reading__in=[Reading.WAITING, Reading.RUNNING], due_at__lte=timezone.now())
    late = list(due.order_by("due_at").values_list("pk", flat=True)[:SWEPT])
    for scan_id in late:
        jobs.ring_one(read_scan, scan_id)
    return len(late)


def _claim(scan_id: int) -> bool:
    """One UPDATE decides who reads it; a reader that died lets go when its lease ends."""
    now = timezone.now()
    due = Scan.objects.filter(pk=scan_id, reading__in=[Reading.WAITING, Reading.RUNNING], due_at__lte=now)
    return bool(due.update(reading=Reading.RUNNING, attempts=F("attempts") + 1, due_at=now + LEASE))


def _missing(scan: Scan) -> list[int]:
    have = set(scan.pages.values_list("number", flat=True))
    return [number for number in range(1, min(scan.page_count, MOST_PAGES) + 1) if number not in have]


def _read_page(scan: Scan, number: int, press: Press, folder: Path) -> None:
    preview, image = preview_path(scan.sha256, number), folder / "page.png"
    preview.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder / "preview.jpg"
    original = str(vault.path(scan.sha256))
    found = press.ask("page", PAGE_S, path=original, number=number, preview=str(fresh), reading=str(image))
    if found is None or found["problem"]:
        page = Page(problem=found["problem"] if found else Problem.TOO_LARGE)
    else:
        preview.write_bytes(fresh.read_bytes())
        page = _read(found["text"], image)
        page.width, page.height = found["width"], found["height"]
    page.scan, page.number = scan, number
    Page.objects.bulk_create([page], ignore_conflicts=True)
    Scan.objects.filter(pk=scan.pk).update(due_at=timezone.now() + LEASE, attempts=1)


def _read(layer: str, image: Path) -> Page:
    """The text that the file itself carries, else what the machine reads, else nothing."""
    if layer:
        return Page(text=layer)
    reading = tesseract.read(image) if tesseract.language() else None
    if reading is None:
        return Page()
    return Page(text=reading.text, confidence=reading.confidence, doubtful=reading.doubtful)


def _go_on_later(scan: Scan) -> None:
    Scan.objects.filter(pk=scan.pk).update(reading=Reading.WAITING, due_at=timezone.now())
    jobs.ring_one(read_scan, scan.pk)


@transaction.atomic
def _finish(scan: Scan) -> None:
    """Say how far the reading came, and name what stood in the way."""
    scan = Scan.objects.select_for_update(no_key=True).get(pk=scan.pk)  # a clerk who checks it waits, or was faster
    pages = list(scan.pages.all())
    text = "\n\n".join(page.text for page in pages if page.text)
    problems = {page.problem for page in pages}
    if not scan.problem and (not pages or "" not in problems):
        scan.problem = next(iter(sorted(problems)), "") or Problem.CORRUPT
    scan.reading = _how_sure(pages) if text else Reading.UNREAD
    scan.save(update_fields=["problem", "reading"])
    if text:
        _tell(scan, text)


def _how_sure(pages: list[Page]) -> Reading:
    """One page with many doubtful words, or with nothing to read, and a human compares with care."""
    doubtful = any(page.doubtful > tesseract.ENOUGH or not page.text for page in pages)
    return Reading.DOUBTFUL if doubtful else Reading.READ


def _tell(scan: Scan, text: str) -> None:
    """Write the text onto the interaction, unless a clerk has written one."""
    said = scan.interaction
    open_checks = WorkItem.objects.filter(interaction=said, kind="scan_check").exclude(state=WorkState.DONE)
    if said.external_id and (not said.text or open_checks.exists()):
        amend(channel=said.channel, external_id=said.external_id, text=text, actor=ACTOR)
