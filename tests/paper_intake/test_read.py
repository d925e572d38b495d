"""Reading a scan: previews and text, by the real tesseract, page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.tickets.models import Interaction
from paper_intake import tesseract
from paper_intake.models import Page, Problem, Reading, Scan
from paper_intake.previews import preview_path
from paper_intake.read import TRIES, read_scan, sweep_unread
from tests.paper_intake import papers


@pytest.fixture
def scan(inbox, after):
    """Drop a file and take it in."""

    def dropped(data: bytes, name: str = "lettre.pdf") -> Scan:
        papers.written(inbox.folder, name, data)
        after(31)
        return Scan.objects.latest("pk")

    return dropped


def test_a_scanned_letter_is_read_and_its_text_stands_on_the_ticket(scan):
    one = scan(papers.scanned_pdf())

    read_scan(one.pk)

    one.refresh_from_db()
    assert one.reading == Reading.READ
    assert "renouvellement de ma carte" in Interaction.objects.get().text
    page = one.pages.get()
    assert page.confidence > 80
    assert preview_path(one.sha256, 1).stat().st_size > 1000


def test_a_pdf_with_its_own_text_needs_no_reading(scan):
    one = scan(papers.typed_pdf("Je vous demande un rendez-vous pour mon titre.", pages=2))

    read_scan(one.pk)

    assert [page.confidence for page in one.pages.all()] == [None, None]
    assert "rendez-vous pour mon titre. 2" in Interaction.objects.get().text


def test_a_photograph_lying_on_its_side_is_shown_upright(scan):
    image = papers.page().rotate(90, expand=True)
    exif = image.getexif()
    exif[0x0112] = 6  # the camera was turned

    one = scan(papers.as_bytes(image, "JPEG", exif=exif), "photo.jpg")
    read_scan(one.pk)

    page = one.pages.get()
    assert page.height > page.width
    assert "renouvellement" in page.text


def test_a_page_that_cannot_be_opened_costs_itself_alone(scan):
    one = scan(papers.with_a_spoiled_page(papers.tiff("premiere page", "deuxieme page")), "lettre.tif")

    read_scan(one.pk)

    one.refresh_from_db()
    assert [page.problem for page in one.pages.all()] == ["", Problem.CORRUPT]
    assert "premiere" in one.pages.get(number=1).text


def test_what_turns_out_to_be_damaged_is_named_once_it_is_read(scan):
    whole = papers.png()
    one = scan(whole[:3000] + bytes(len(whole) - 3020) + whole[-20:], "photo.png")
    assert one.problem == ""

    read_scan(one.pk)

    one.refresh_from_db()
    assert (one.problem, one.reading) == (Problem.CORRUPT, Reading.UNREAD)


def test_reading_twice_changes_nothing(scan):
    one = scan(papers.scanned_pdf())

    read_scan(one.pk)
    read_scan(one.pk)

    assert Page.objects.count() == 1


def test_a_reading_that_stopped_goes_on_with_the_page_it_had_not_done(scan):
    one = scan(papers.typed_pdf(pages=3))
    Page.objects.create(scan=one, number=1, text="page one, read before the stop")
    Scan.objects.update(reading=Reading.RUNNING, attempts=1)

    read_scan(one.pk)

    assert Interaction.objects.get().text.startswith("page one, read before the stop")
    assert one.pages.count() == 3


def test_while_one_reader_has_it_no_other_takes_it(scan):
    one = scan(papers.scanned_pdf())
    Scan.objects.update(reading=Reading.RUNNING, due_at=timezone.now() + timedelta(minutes=1))

    read_scan(one.pk)

    assert Page.objects.count() == 0


def test_what_kills_its_readers_again_and_again_is_left_to_a_human(scan):
    one = scan(papers.scanned_pdf())
    Scan.objects.update(attempts=TRIES)

    read_scan(one.pk)

    one.refresh_from_db()
    assert (one.reading, one.problem) == (Reading.UNREAD, Problem.CORRUPT)


def test_without_a_reader_the_letter_is_shown_and_keyed_in_by_a_human(scan, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    tesseract.languages.cache_clear()
    one = scan(papers.scanned_pdf())

    read_scan(one.pk)

    tesseract.languages.cache_clear()
    one.refresh_from_db()
    assert (one.reading, one.problem) == (Reading.UNREAD, "")
    assert preview_path(one.sha256, 1).exists()


def test_a_lost_job_is_found_by_the_sweep(scan):
    one = scan(papers.scanned_pdf())

    assert sweep_unread() == 1

    read_scan(one.pk)
    assert sweep_unread() == 0


def test_a_file_that_cannot_be_opened_is_not_read_at_all(scan):
    one = scan(papers.locked_pdf())

    assert one.reading == Reading.UNREAD
    assert sweep_unread() == 0


def test_a_reading_full_of_doubts_is_marked_for_careful_eyes(scan):
    noisy = papers.page(("Lettre", "peu lisible")).effect_spread(14)
    one = scan(papers.as_bytes(noisy, "PNG"), "photo.png")

    read_scan(one.pk)

    one.refresh_from_db()
    assert one.reading in (Reading.DOUBTFUL, Reading.UNREAD)
