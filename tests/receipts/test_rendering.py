"""What a receipt says, by every means and in both languages."""

import pytest

from contactcenter import translations
from contactcenter.intake.services import amend, receive
from contactcenter.offices.models import Office
from contactcenter.people.points import spoken
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.receipts import rendering
from contactcenter.receipts.models import Receipt
from contactcenter.receipts.selectors import by_code
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.reference import check_digit, spaced
from tests.factories import WEEK, a_caller, a_ticket, an_office, at

pytestmark = pytest.mark.django_db
GSM7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡") | set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture(scope="module", autouse=True)
def _french() -> None:
    translations.compile_stale()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_text_message_is_short_carries_the_reference_and_nothing_personal(language: str):
    receive(a_caller(external_id="CA1", needs="", language=language, text="Zanzibar"))
    ticket = amend(channel="phone", external_id="CA1", needs="callback", receipt=True)

    _subject, body = rendering.text(ticket.receipts.get(), "sms")

    assert spaced(ticket.reference) in body
    assert len(body) <= 160
    assert set(body) <= GSM7
    assert ticket.follow_code not in body
    assert "Zanzibar" not in body


@pytest.mark.parametrize(("language", "word"), [("fr", "aide"), ("en", "help")])
def test_a_mail_says_what_it_is_in_law_and_how_to_follow_it_without_the_internet(language: str, word: str):
    ticket = a_ticket(language=language)

    subject, body = rendering.text(ticket.receipts.get(), "email")

    assert spaced(ticket.reference) in subject
    assert word in body
    assert ticket.office.service in body
    assert spoken(ticket.office.phone) in body
    assert ticket.follow_code in body.replace(" ", "")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_demand_by_mail_says_when_silence_rejects_it_and_what_to_do_then(language: str):
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    ticket = a_ticket(language=language, procedure="RECOURS", occurred_at=at("2026-07-06T10:00:00+02:00"))

    _subject, body = rendering.text(ticket.receipts.get(), "email")

    assert {"fr": "6 septembre 2026", "en": "6 September 2026"}[language] in body
    assert {"fr": "complète", "en": "complete"}[language] in body
    assert {"fr": "tribunal administratif", "en": "administrative court"}[language] in body


@pytest.mark.parametrize(("effect", "article"), [("accept", "L232-3"), ("reject", "L232-4")])
def test_what_silence_means_is_said_with_the_right_that_follows(effect: str, article: str):
    receipt = a_ticket().receipts.get()
    receipt.content |= {"silence_effect": effect, "silence_on": "2027-01-23"}

    assert article in rendering.text(receipt, "letter")[1]


def test_by_post_nothing_is_said_of_completeness_since_the_law_asks_it_of_electronic_receipts_alone():
    receipt = a_ticket(channel="paper").receipts.get()
    receipt.content |= {"silence_effect": "reject", "silence_on": "2027-01-23"}
    receipt.language = "en"

    assert "provided that" not in rendering.text(receipt, "letter")[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "1er décembre 2026 à 9\u00a0h\u00a005"), ("en", "1 December 2026 at 9:05")],
)
def test_a_date_is_written_as_the_language_writes_it(language: str, said: str):
    ticket = a_ticket(language=language, occurred_at=at("2026-12-01T09:05:00+01:00"))

    assert said in rendering.text(ticket.receipts.get(), "letter")[1]


def test_what_was_certified_stays_when_office_and_promise_change():
    receipt = a_ticket(language="en").receipts.get()
    before = rendering.text(receipt, "email")

    Office.objects.update(service="Another", address="Elsewhere", phone="+33199009999")
    Ticket.objects.update(due_at=at("2031-01-01T00:00:00+00:00"))

    assert rendering.text(Receipt.objects.get(), "email") == before


def test_a_promise_that_has_passed_is_not_made_again():
    ticket = a_ticket(language="en", occurred_at=at("2020-01-06T10:00:00+00:00"))

    _subject, body = rendering.text(ticket.receipts.get(), "email")

    assert "A person will answer you." in body
    assert "2020 at" in body
    assert "answers you by" not in body


def test_an_address_typed_with_any_line_ends_is_read_in_one_line():
    office = an_office()
    office.address = "3 place de l'Exemple\r\n\r\n99000 Valmorin"
    office.save()

    _subject, body = rendering.text(a_ticket().receipts.get(), "email")

    assert "3 place de l'Exemple, 99000 Valmorin" in body
    assert "\r" not in body


def test_the_pdf_is_one_with_markup_shown_as_it_is_typed():
    ticket = a_ticket(text="#evil [x] $y$ *z* <b> السلام")

    pdf = rendering.pdf(ticket.receipts.get())

    assert pdf.startswith(b"%PDF-")


def test_a_receipt_s_code_has_its_check_digit_and_is_found_however_it_is_typed():
    receipt = a_ticket().receipts.get()

    assert len(receipt.code) == 16
    assert check_digit(receipt.code) == "0"
    assert by_code(" ".join(receipt.code[at : at + 4] for at in range(0, 16, 4))) == receipt
    assert by_code(receipt.code[:-1]) is None
    assert by_code("x" * 5000) is None
