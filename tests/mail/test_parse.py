"""What a mail says; no mail makes the reader fail."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.automatic import is_automatic
from mail.parse import identity_of, parse

PLAIN = (
    b"From: Ana Exemple <ana@example.org>\r\nTo: contact@demo.example\r\n"
    b"Subject: =?utf-8?q?Carte_vol=C3=A9e?=\r\nMessage-ID: <1@example.org>\r\n\r\nBonjour.\r\n"
)
ROOT = Path(__file__).resolve().parents[2]
CORPUS = os.environ.get("CC_CORPUS_DIR", "")


def test_a_plain_mail_is_read():
    mail = parse(PLAIN)

    assert (mail.subject, mail.sender_name, mail.sender) == ("Carte volée", "Ana Exemple", "ana@example.org")
    assert mail.text == "Bonjour."
    assert not is_automatic(mail, "ana@example.org")


def test_a_letter_cut_in_two_encoded_words_is_whole_again():
    mail = parse(b"Subject: =?utf-8?q?Carte_vol=C3?= =?utf-8?q?=A9e?=\r\n\r\n")

    assert mail.subject == "Carte volée"


def test_eight_bit_headers_are_read():
    assert parse("Subject: Carte volée\r\n\r\n".encode()).subject == "Carte volée"
    assert parse("Subject: Carte volée\r\n\r\n".encode("latin-1")).subject == "Carte volée"


def test_html_alone_becomes_text_and_scripts_are_gone():
    mail = parse(b"Content-Type: text/html\r\n\r\n<p>Bonjour</p><script>alert(1)</script><p>Merci</p>")

    assert mail.text == "Bonjour\n\nMerci"


def test_an_enclosed_file_keeps_its_bytes():
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nVoir la copie.\r\n--b\r\n"
        b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--b--\r\n"
    )

    (file,) = parse(raw).files

    assert (file.name, file.content_type, file.data) == ("a.pdf", "application/pdf", b"%PDF-")


def test_a_delivery_adds_trace_fields_and_it_is_still_the_same_mail():
    again = b"Return-Path: <x@example.org>\r\nReceived: from a\r\n\tby b; today\r\n" + PLAIN

    assert parse(again).identity == parse(PLAIN).identity


def test_two_mails_under_one_message_id_are_two():
    assert parse(PLAIN.replace(b"Bonjour", b"Bonsoir")).identity != parse(PLAIN).identity
    assert identity_of(b"x", "") != identity_of(b"y", "")


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Precedence: bulk",
        b"List-Id: <l.example.org>",
        b"X-Auto-Response-Suppress: All",
    ],
)
def test_what_a_program_wrote_is_known(header: bytes):
    assert is_automatic(parse(header + b"\r\n" + PLAIN), "ana@example.org")


def test_a_null_sender_is_a_program():
    assert is_automatic(parse(PLAIN), "")


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_fail(raw: bytes):
    mail = parse(raw)

    assert "\x00" not in mail.subject + mail.text


@given(
    st.binary(max_size=300),
    st.sampled_from(["multipart/mixed; boundary=b", "message/rfc822", 'text/plain; charset="\\"']),
)
def test_no_body_makes_it_fail(body: bytes, kind: str):
    parse(b"Content-Type: " + kind.encode() + b"\r\n\r\n--b\r\n" + body + b"\r\n--b--")


@pytest.mark.skipif(not CORPUS, reason="CC_CORPUS_DIR is not set")
def test_every_mail_from_the_wild_is_read_and_its_stated_subject_found():
    folder = Path(CORPUS) / "mail"
    with (folder / "MANIFEST.tsv").open(encoding="utf8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if (folder / row["file"]).is_file()
        ]
    stated = found = 0
    for row in rows:
        mail = parse(re.sub(rb"\r?\n", b"\r\n", (folder / row["file"]).read_bytes()))
        wanted = re.search(r"subject=([^;|]+)", row.get("expected") or "")
        if wanted and wanted[1].strip():
            stated += 1
            found += wanted[1].strip() in mail.subject

    assert len(rows) > 900
    assert found >= 0.97 * stated


HUGE = 1_000_000
SLOW = {
    "tags that never end": (b"text/html", b"<a "),
    "quotes that never end": (b"text/html", b"<a b='"),
    "comments that never end": (b"text/html", b"<!--"),
    "lists within lists": (b"text/html", b"<ul><li>"),
    "sections that never end": (b"text/html", b"<![CDATA["),
    "blank lines": (b"text/plain", b"\n"),
    "openings of quotes": (b"text/plain", b"On "),
    "marks of quotes": (b"text/plain", b">"),
}
READ = """
import sys
from mail.parse import parse
from mail.quoted import without_quotes
from mail.language import language_of
read = parse(sys.stdin.buffer.read())
language_of(read.text)
without_quotes(read.text)
print("read")
"""


def read_within_a_minute(raw: bytes) -> str:
    """In a process of its own: what would take hours is ended."""
    done = subprocess.run([sys.executable, "-c", READ], input=raw, capture_output=True, timeout=60, cwd=ROOT)
    return done.stdout.decode().strip() or done.stderr.decode()[-2000:]


@pytest.mark.parametrize("kind", SLOW)
def test_a_body_made_to_be_slow_is_read(kind: str):
    content_type, unit = SLOW[kind]
    body = (unit * (HUGE // len(unit) + 1))[:HUGE]

    assert read_within_a_minute(b"Content-Type: " + content_type + b"\r\n\r\n" + body) == "read"


@pytest.mark.parametrize("unit", [b"(", b"<", b'"', b"a@b,", b"a", b"=?utf-8?q?a", b"a: ;", b"\\"])
@pytest.mark.parametrize("name", [b"From", b"To", b"Subject", b"References", b"Content-Type", b"Content-Disposition"])
def test_a_header_made_to_be_slow_is_read(name: bytes, unit: bytes):
    raw = name + b": " + (unit * HUGE)[: HUGE // 5] + b"\r\n\r\nBonjour"

    assert read_within_a_minute(raw) == "read"


def test_parts_within_parts_without_end_are_read():
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth) for depth in range(3000)
    )

    assert read_within_a_minute(opened + b"\r\nBonjour") == "read"


def test_what_a_page_says_is_read_as_people_see_it():
    page = (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<head><title>x</title><body><p title='a > b'>Un &amp; deux<br>"
        b"3 < 4<!-- non --> <style>p{}</style><b>gras</b></p><p>Fin &#233;t&eacute;"
    )

    assert parse(page).text == "Un & deux\n3 < 4 gras\n\nFin été"
