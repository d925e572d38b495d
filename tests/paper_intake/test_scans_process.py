"""The watcher as a process of its own: killed at any moment, it loses nothing and doubles nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from contactcenter import vault
from contactcenter.tickets.models import Interaction, TicketEvent
from paper_intake.models import Arrival, Scan
from tests.factories import an_office
from tests.paper_intake import papers

ROOT = Path(__file__).resolve().parents[2]
LETTERS = 40


def environment() -> dict[str, str]:
    """That of the tests, with the tests' own database and data folder."""
    name = str(connection.settings_dict["NAME"])
    here = os.environ.get("DATABASE_URL", "")
    url = urlsplit(here)._replace(path=f"/{name}").geturl() if here else f"sqlite://{name}"
    return {**os.environ, "DATABASE_URL": url, "CC_DATA_DIR": str(settings.CC_DATA_DIR)}


def watcher() -> subprocess.Popen:
    command = [sys.executable, "manage.py", "scans", "--quiet", "0.3", "--patience", "1"]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), start_new_session=True)


def until(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


def decoders(of: int | None = None) -> set[int]:
    """The processes that decode files at this moment (of one watcher), and are not waiting to be buried."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=3) for line in listed.splitlines()]
    alive = [row for row in rows if row[3].endswith("-m paper_intake.press") and row[2][0] != "Z"]
    return {int(row[0]) for row in alive if of in (None, int(row[1]))}


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_takes_every_letter_in_once(data_dir):
    an_office()
    inbox = data_dir / "paper-inbox"
    inbox.mkdir(parents=True)
    letters = {f"{number}.pdf": papers.typed_pdf(f"Letter {number}") for number in range(LETTERS)}
    for name, data in letters.items():
        papers.written(inbox, name, data)

    ours: set[int] = set()
    for enough in (1, 7, 16, 29):
        process = watcher()
        until(lambda enough=enough: Interaction.objects.count() >= enough)
        ours |= decoders(of=process.pid)
        process.kill()
        process.wait()
    if sys.platform == "linux":  # elsewhere a decoder ends when it next reads its closed input
        until(lambda: not decoders() & ours, 5)

    process = watcher()
    until(lambda: not list(inbox.glob("*.pdf")))
    process.terminate()
    assert process.wait(60) == 0

    assert Interaction.objects.count() == Scan.objects.count() == Arrival.objects.count() == LETTERS
    assert {vault.read(scan.sha256) for scan in Scan.objects.all()} == set(letters.values())
    assert not TicketEvent.objects.filter(kind="interaction.arrived_again").exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_written_slowly_is_taken_in_once_and_whole(data_dir):
    an_office()
    process = watcher()
    try:
        inbox = data_dir / "paper-inbox"
        until(inbox.is_dir)
        data = papers.scanned_pdf()
        with (inbox / "lettre.pdf").open("wb") as scanner:
            for start in range(0, len(data), len(data) // 8):
                scanner.write(data[start : start + len(data) // 8])
                scanner.flush()
                time.sleep(0.2)
        until(lambda: Scan.objects.exists() and not list(inbox.glob("*.pdf")))
    finally:
        process.terminate()
        process.wait(60)

    assert [vault.read(scan.sha256) for scan in Scan.objects.all()] == [data]
