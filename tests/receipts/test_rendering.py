"""What a receipt says, by every means and in both languages."""

import pytest

from contactcenter import translations
from contactcenter.intake.services import amend, receive
from contactcenter.people.points import spoken
from contactcenter.receipts import rendering
from contactcenter.receipts.selectors import by_code
from contactcenter.tickets.reference import check_digit, spaced
from tests.factories import a_caller, a_ticket

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
