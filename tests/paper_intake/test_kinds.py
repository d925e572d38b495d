"""What a file is and whether it has arrived whole."""

from pathlib import Path

import pytest

from paper_intake import kinds
from tests.paper_intake import papers

WHOLE = {
    "application/pdf": papers.scanned_pdf,
    "image/tiff": papers.tiff,
    "image/jpeg": papers.jpeg,
    "image/png": papers.png,
}


@pytest.mark.parametrize(("kind", "make"), WHOLE.items())
def test_a_file_is_known_by_its_bytes_whatever_its_name(tmp_path: Path, kind, make):
    assert kinds.of(papers.written(tmp_path, "scan.exe", make())) == kind


@pytest.mark.parametrize("make", WHOLE.values())
def test_a_whole_file_is_seen_as_whole_and_a_cut_one_as_unfinished(tmp_path: Path, make):
    whole = papers.written(tmp_path, "whole", make())
    unfinished = papers.written(tmp_path, "cut", papers.cut(make()))

    assert kinds.is_whole(whole)
    assert not kinds.is_whole(unfinished)


def test_a_tiff_without_its_last_page_is_unfinished(tmp_path: Path):
    data = papers.tiff("one", "two", "three")

    assert not kinds.is_whole(papers.written(tmp_path, "cut", data[:-40]))


def test_a_pdf_made_for_the_web_is_unfinished_until_all_of_its_declared_length_is_there(tmp_path: Path):
    data = papers.typed_pdf(pages=3, linearize=True)
    first_end = data.index(b"%%EOF") + 6

    assert kinds.is_whole(papers.written(tmp_path, "whole.pdf", data))
    assert not kinds.is_whole(papers.written(tmp_path, "cut.pdf", data[:first_end]))


@pytest.mark.parametrize("data", [b"", b"\x00", b"just a note\n", b"II*\x00", b"MM\x00*\xff\xff\xff\xff"])
def test_odd_bytes_are_judged_without_an_error(tmp_path: Path, data: bytes):
    path = papers.written(tmp_path, "odd", data)

    assert kinds.is_whole(path) in (True, False)
    assert isinstance(kinds.of(path), str)
