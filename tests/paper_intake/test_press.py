"""Opening strangers' files in a process of its own."""

import time
from pathlib import Path

import pytest

from paper_intake import sandbox
from tests.paper_intake import papers


@pytest.mark.parametrize(
    ("make", "pages", "problem"),
    [
        (papers.scanned_pdf, 1, ""),
        (papers.tiff, 2, ""),
        (papers.jpeg, 1, ""),
        (papers.locked_pdf, 0, "encrypted"),
        (papers.broken_pdf, 0, "corrupt"),
        (papers.bomb_png, 0, "too_large"),
        (lambda: b"a note, not a scan", 0, "unknown"),
    ],
)
def test_what_stands_in_the_way_of_opening_a_file_is_named(press, tmp_path: Path, make, pages, problem):
    answer = press.ask("look", 20, path=str(papers.written(tmp_path, "file", make())))

    assert (answer["pages"], answer["problem"]) == (pages, problem)


def test_a_page_becomes_a_preview_and_an_image_to_read(press, tmp_path: Path):
    source = papers.written(tmp_path, "file", papers.tiff("one", "two"))

    answer = _page(press, source, 2)

    assert answer["problem"] == ""
    assert (tmp_path / "preview.jpg").stat().st_size > 500
    assert (tmp_path / "reading.png").stat().st_size > 500


def test_a_pdf_that_carries_its_text_is_not_read_again(press, tmp_path: Path):
    source = papers.written(tmp_path, "file", papers.typed_pdf("Je vous demande un rendez-vous."))

    assert "Je vous demande un rendez-vous." in _page(press, source, 1)["text"]


def test_a_file_cut_short_spoils_only_its_own_page(press, tmp_path: Path):
    spoiled = papers.written(tmp_path, "spoiled", papers.cut(papers.png(), 0.3))
    sound = papers.written(tmp_path, "sound", papers.png())

    assert _page(press, spoiled, 1)["problem"] == "corrupt"
    assert _page(press, sound, 1)["problem"] == ""


def test_a_process_that_takes_too_long_is_killed_and_the_next_question_answered(tmp_path: Path):
    source = papers.written(tmp_path, "file", papers.jpeg())

    with sandbox.Press() as starting:  # one that runs already can be quicker than no time at all
        assert starting.ask("look", 0.0, path=str(source)) is None
        assert starting.ask("look", 20, path=str(source))["pages"] == 1


def test_a_question_that_kills_the_process_is_answered_by_none(press):
    assert press.ask("no such question", 20) is None


def test_a_command_that_hangs_is_killed_with_its_children():
    started = time.monotonic()

    assert sandbox.run(["/bin/sh", "-c", "sleep 60 & wait"], timeout=0.3) is None
    assert time.monotonic() - started < 10


def test_a_child_knows_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("CC_SECRET_KEY", "secret")

    assert "CC_SECRET_KEY" not in sandbox.environment()


def _page(press: sandbox.Press, source: Path, number: int) -> dict:
    folder = source.parent
    return press.ask(
        "page",
        30,
        path=str(source),
        number=number,
        preview=str(folder / "preview.jpg"),
        reading=str(folder / "reading.png"),
    )
