"""The scan folder: each file is a ticket once, whatever it is, and leaves the folder only then."""

import os
import time

import pytest

from contactcenter import vault
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Attachment, Interaction, Ticket, TicketEvent
from paper_intake.models import Arrival, Problem, Scan
from paper_intake.watch import stuck
from tests.paper_intake import papers


def test_a_letter_is_kept_unchanged_and_is_a_ticket_with_its_date_before_it_is_read(inbox, after):
    data = papers.scanned_pdf()
    source = papers.written(inbox.folder, "lettre.pdf", data)

    assert after() == 1

    ticket = Ticket.objects.get()
    said = ticket.interactions.get()
    assert (ticket.channel, said.raw_sha256, vault.read(said.raw_sha256)) == ("paper", said.raw_sha256, data)
    assert abs(said.occurred_at.timestamp() - time.time()) < 60
    assert [item.kind for item in ticket.work_items.all()] == ["scan_check"]
    assert ticket.deliveries.count() == 0
    assert Attachment.objects.get().sha256 == said.raw_sha256
    assert not source.exists()


def test_a_file_that_still_changes_is_left_alone(inbox, after, clock):
    source = papers.written(inbox.folder, "lettre.jpg", papers.cut(papers.jpeg()))
    assert after(4) == 0

    source.write_bytes(papers.jpeg())
    assert after(4) == 0
    assert source.exists()

    clock.now += 2
    assert inbox.look() == 1


def test_a_file_that_stays_unfinished_goes_to_a_clerk_after_half_a_minute(inbox, after):
    papers.written(inbox.folder, "lettre.pdf", papers.cut(papers.scanned_pdf()))

    assert after(20) == 0
    assert after(11) == 1
    assert Scan.objects.get().problem == Problem.INCOMPLETE
    assert not list(inbox.folder.glob("*.pdf"))


def test_the_rest_of_an_unfinished_file_is_a_new_scan_beside_it(inbox, after):
    whole = papers.scanned_pdf()
    source = papers.written(inbox.folder, "lettre.pdf", papers.cut(whole))
    with source.open("ab") as scanner:
        after(31)
        scanner.write(whole[len(papers.cut(whole)) :])
        scanner.flush()
        assert after() == 1

    assert [scan.problem for scan in Scan.objects.order_by("pk")] == [Problem.INCOMPLETE, ""]
    assert vault.read(Scan.objects.latest("pk").sha256) == whole


def test_what_was_set_aside_goes_once_nobody_writes_it_any_more(inbox, after):
    papers.written(inbox.folder, "lettre.pdf", papers.cut(papers.scanned_pdf()))
    after(31)
    assert len(list((inbox.folder / "unfinished").iterdir())) == 1

    after(601)
    after(601)

    assert not list((inbox.folder / "unfinished").iterdir())
    assert Scan.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "make", "problem"),
    [
        ("vide.pdf", lambda: b"", Problem.EMPTY),
        ("secret.pdf", papers.locked_pdf, Problem.ENCRYPTED),
        ("casse.pdf", papers.broken_pdf, Problem.CORRUPT),
        ("notes.docx", lambda: b"PK\x03\x04 whatever", Problem.UNKNOWN),
        ("bombe.png", papers.bomb_png, Problem.TOO_LARGE),
        ("photo.jpg", lambda: b"\xff\xd8\xff" + bytes(2000) + b"\xff\xd9", Problem.CORRUPT),
    ],
)
def test_what_cannot_be_opened_is_kept_and_named_for_a_clerk_and_stops_nobody(inbox, after, name, make, problem):
    papers.written(inbox.folder, name, data := make())
    papers.written(inbox.folder, "bonne.pdf", papers.scanned_pdf())

    assert after() == 2

    scan = Scan.objects.get(name=name)
    assert scan.problem == problem
    assert vault.read(scan.sha256) == data
    assert WorkItem.objects.waiting().filter(kind="scan_check").count() == 2
    assert scan.get_problem_display()


def test_the_same_bytes_again_are_the_same_ticket_and_the_ticket_says_so(inbox, after):
    papers.written(inbox.folder, "un.pdf", data := papers.scanned_pdf())
    after()
    papers.written(inbox.folder, "deux.pdf", data)

    assert after() == 1

    assert Ticket.objects.count() == Scan.objects.count() == 1
    assert Arrival.objects.count() == 2
    assert TicketEvent.objects.filter(kind="interaction.arrived_again").count() == 1
    assert not list(inbox.folder.glob("*.pdf"))


def test_twins_dropped_together_are_one_letter(inbox, after):
    data = papers.scanned_pdf()
    papers.written(inbox.folder, "un.pdf", data)
    papers.written(inbox.folder, "deux.pdf", data)

    assert after() == 2
    assert Ticket.objects.count() == 1


def test_empty_files_are_each_their_own(inbox, after):
    papers.written(inbox.folder, "un.pdf", b"")
    papers.written(inbox.folder, "deux.pdf", b"")
    after()
    papers.written(inbox.folder, "un.pdf", b"")
    after()

    assert Ticket.objects.count() == 3


@pytest.mark.parametrize("name", ["scan.pdf.part", "scan.tmp", ".scan.pdf", "._scan.pdf", "Thumbs.db"])
def test_what_is_not_meant_for_us_is_left_alone(inbox, after, name):
    source = papers.written(inbox.folder, name, papers.scanned_pdf())

    assert after(60) == 0
    assert source.exists()


def test_folders_and_links_are_left_alone(inbox, after, tmp_path):
    (inbox.folder / "sub").mkdir()
    papers.written(inbox.folder / "sub", "scan.pdf", papers.scanned_pdf())
    (inbox.folder / "link.pdf").symlink_to(papers.written(tmp_path, "other.pdf", papers.scanned_pdf()))

    assert after(60) == 0


def test_a_name_that_is_no_text_is_no_obstacle(inbox, after):
    (inbox.folder / os.fsdecode(b"lettre-\xe9\xff.pdf")).write_bytes(papers.scanned_pdf())

    assert after() == 1
    assert Scan.objects.get().name.startswith("lettre-")


def test_a_file_that_cannot_be_taken_waits_and_the_others_do_not(inbox, after, clock):
    accept = inbox.take
    refused = papers.written(inbox.folder, "a-refuser.pdf", papers.scanned_pdf(("one",)))

    def take(path, state, whole):
        if path == refused:
            raise OSError("no space left")
        return accept(path, state, whole)

    inbox.take = take
    papers.written(inbox.folder, "bonne.pdf", papers.scanned_pdf(("two",)))
    assert after() == 1
    assert refused.exists()

    inbox.take = accept
    clock.now += 61
    assert inbox.look() == 1
    assert Ticket.objects.count() == 2


def test_a_source_that_changed_while_it_was_taken_stays_and_is_taken_again(inbox, after):
    accept = inbox.take
    source = papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf(("page one",)))
    longer = papers.scanned_pdf(("page one", "page two"))

    def take(path, state, whole):
        accept(path, state, whole)
        path.write_bytes(longer)

    inbox.take = take
    after()
    assert source.exists()

    inbox.take = accept
    after()
    assert vault.read(Scan.objects.latest("pk").sha256) == longer


def test_a_stop_between_commit_and_removal_neither_loses_nor_doubles_nor_says_that_it_came_again(inbox, after, clock):
    accept = inbox.take
    source = papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf())

    def stopped(path, state, whole):
        accept(path, state, whole)
        raise KeyboardInterrupt

    inbox.take = stopped
    with pytest.raises(KeyboardInterrupt):
        after()
    assert source.exists()

    inbox.take = accept
    after()
    assert not source.exists()
    assert Interaction.objects.count() == Scan.objects.count() == Arrival.objects.count() == 1
    assert not TicketEvent.objects.filter(kind="interaction.arrived_again").exists()


def test_a_stop_before_commit_leaves_the_source_where_it_is(inbox, after):
    source = papers.written(inbox.folder, "lettre.pdf", data := papers.scanned_pdf())
    accept = inbox.take

    def stopped(path, _state, _whole):
        vault.keep_file(path)
        raise KeyboardInterrupt

    inbox.take = stopped
    with pytest.raises(KeyboardInterrupt):
        after()
    assert source.exists()
    assert Ticket.objects.count() == 0

    inbox.take = accept
    after()
    assert vault.read(Scan.objects.get().sha256) == data


def test_a_hundred_letters_at_once_are_in_before_any_is_read(inbox, after):
    for number in range(104):
        papers.written(inbox.folder, f"{number}.pdf", papers.typed_pdf(f"Letter {number}"))
    started = time.monotonic()

    assert after() == 104

    assert time.monotonic() - started < 60
    assert WorkItem.objects.waiting().filter(kind="scan_check").count() == 104


def test_files_that_should_long_be_in_are_shown_to_the_mailroom(inbox):
    papers.written(inbox.folder, "coincee.pdf", papers.scanned_pdf())

    assert stuck() == []
    assert stuck(older_than_s=-1) == ["coincee.pdf"]
