"""What is too much for anybody to read is left in the original, and said so; the head of the mail is always read."""

import pytest
from pytest_django import Settings

from contactcenter.tickets.models import Interaction, Ticket
from mail.parse import parse
from mail.services import accept, take_pending
from mail.tree import DEEPEST, MOST_LINES, MOST_PARTS
from tests.factories import an_office
from tests.mail.test_parse import PLAIN, read_within_a_minute

HEAD = PLAIN.partition(b"\r\n\r\n")[0] + b"\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def nested(deep: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (at, at) for at in range(deep))
    return HEAD + b"".join(opened) + b"\r\nBonjour\r\n"


@pytest.mark.parametrize("name", [b"Content-Type", b"Content-Disposition"])
def test_a_parameter_that_never_ends_is_read_in_time(name: bytes):
    raw = name + b': text/plain; a="' + b";" * 2_000_000 + b"\r\n\r\nBonjour"

    assert read_within_a_minute(raw) == "read"


def test_a_charset_made_for_names_of_hosts_is_not_used_for_a_text():
    raw = b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 10_000_000

    assert read_within_a_minute(raw) == "read"


@pytest.mark.parametrize("deep", [DEEPEST + 20, 10_000])
def test_a_mail_deeper_than_anybody_reads_keeps_its_head(deep: int):
    mail = parse(nested(deep))

    assert (mail.subject, mail.sender, mail.message_id) == ("Carte volée", "ana@example.org", "<1@example.org>")
    assert mail.cut == ("parts",)


def test_a_mail_with_more_parts_than_anybody_reads_shows_the_first():
    mail = parse(MIXED + b"--b\r\n\r\nBonjour\r\n" * (MOST_PARTS * 3))

    assert mail.text.startswith("Bonjour\n\nBonjour")
    assert mail.cut == ("parts",)


def test_a_mail_with_more_lines_than_anybody_reads_shows_the_first():
    mail = parse(HEAD + b"\r\nBonjour" + b"\r\n" * (MOST_LINES + 1) + b"Fin")

    assert (mail.text, mail.cut) == ("Bonjour", ("lines",))


def test_a_mail_as_people_write_them_is_cut_nowhere():
    assert parse(PLAIN).cut == parse(nested(10)).cut == ()
    assert parse(MIXED + b"--b\r\n\r\nBonjour\r\n" * 100).cut == ()


@pytest.mark.django_db(transaction=True)
def test_the_agent_is_told_what_was_left_out(settings: Settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    accept(HEAD + b"\r\n" + b"Bonjour " * 200_000, sender="ana@example.org", office_id=an_office().pk)
    take_pending()

    said = Interaction.objects.get()
    assert said.text.startswith("[Ce courriel est trop volumineux")
    assert "999000" in said.text[:300]
    assert Ticket.objects.get().subject == "Carte volée"


@pytest.mark.django_db(transaction=True)
def test_a_request_without_a_subject_is_named_by_its_words_and_not_by_ours(settings: Settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    accept(b"From: ana@example.org\r\n\r\n" + b"Bonjour " * 200_000, sender="", office_id=an_office().pk)
    take_pending()

    assert Ticket.objects.get().subject.startswith("Bonjour")
