"""Reads a page image with the tesseract program, where it is installed."""

import csv
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from paper_intake import sandbox

PROGRAM = "tesseract"
TIMEOUT_S = 60.0
FIRST = ("fra", "eng")  # the first of these that is installed; two at once read French worse
DOUBTFUL = 60.0  # a word below this is doubtful
ENOUGH = 0.05  # more doubtful words than this share, and the page wants careful eyes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The text of a page, the reader's mean confidence (0 to 100) and the share of words it doubts."""

    text: str
    confidence: float | None
    doubtful: float


NOTHING = Reading(text="", confidence=None, doubtful=0.0)


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The language packs that are installed; none where the program is missing."""
    if not sandbox.found(PROGRAM):
        return frozenset()
    listed = sandbox.run([PROGRAM, "--list-langs"], timeout=10)
    return frozenset(listed.stdout.decode(errors="replace").splitlines()[1:]) if listed else frozenset()


def language() -> str:
    """The language we read in, "" where no reading is possible."""
    return next((code for code in FIRST if code in languages()), "")


def read(image: Path, *, timeout: float = TIMEOUT_S) -> Reading | None:
    """Read one page; None where it took too long or the reader failed. Turned pages are turned upright first."""
    upright = "1" if "osd" in languages() else "3"
    command = [PROGRAM, str(image), "stdout", "-l", language(), "--psm", upright, "tsv"]
    done = sandbox.run(command, timeout)
    return None if done is None or done.returncode else parse(done.stdout.decode(errors="replace"))


def parse(table: str) -> Reading:
    """Text and confidences out of tesseract's table of words (pure): a line per line, a gap per paragraph."""
    words = [
        row
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
        if row.get("level") == "5" and (row.get("text") or "").strip()
    ]
    if not words:
        return NOTHING
    lines: list[str] = []
    line_before, paragraph_before = None, None
    for word in words:
        paragraph = (word["block_num"], word["par_num"])
        line = (*paragraph, word["line_num"])
        if line == line_before:
            lines[-1] += " " + word["text"]
        else:
            lines += ["", word["text"]] if paragraph_before not in (None, paragraph) else [word["text"]]
        line_before, paragraph_before = line, paragraph
    sure = [float(word["conf"]) for word in words]
    doubtful = sum(confidence < DOUBTFUL for confidence in sure) / len(sure)
    return Reading(text="\n".join(lines), confidence=round(sum(sure) / len(sure), 1), doubtful=round(doubtful, 3))
