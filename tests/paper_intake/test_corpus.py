"""Scans from the wild, where CC_CORPUS_DIR names a folder with `paper/` in it: all in, none lost, none twice."""

import hashlib
import os
from pathlib import Path

import pytest

from contactcenter import vault
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Interaction
from paper_intake.models import Reading, Scan
from paper_intake.read import read_scan

CORPUS = Path(os.environ.get("CC_CORPUS_DIR", "/nowhere")) / "paper"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="CC_CORPUS_DIR is not set")
def test_every_scan_of_the_corpus_is_taken_in_once_kept_unchanged_and_read_or_left_to_a_human(inbox, after):
    sources = [path for path in sorted(CORPUS.iterdir()) if path.is_file() and path.suffix not in (".tsv", ".txt")]
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
    for path in sources:
        (inbox.folder / path.name).write_bytes(path.read_bytes())

    after(31)

    assert not [path for path in inbox.folder.iterdir() if path.is_file()]
    assert set(Interaction.objects.values_list("raw_sha256", flat=True)) == wanted
    assert all(hashlib.sha256(vault.read(sha256)).hexdigest() == sha256 for sha256 in wanted)
    assert WorkItem.objects.filter(kind="scan_check").count() == len(wanted)

    for scan in Scan.objects.all():
        read_scan(scan.pk)
    assert not Scan.objects.filter(reading__in=[Reading.WAITING, Reading.RUNNING]).exists()
