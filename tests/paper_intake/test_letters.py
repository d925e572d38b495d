"""Letters out: what stands on the sheet, and that there is one of each."""

from dataclasses import replace
from datetime import date

import pypdfium2 as pdfium
import pytest

from contactcenter import vault
from contactcenter.channel import DeliveryError, Outbound
from contactcenter.outbox.means import Choice
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import post
from paper_intake.channel import PaperChannel
from paper_intake.letters import content, put_in_tray, recipient, unbroken
from paper_intake.models import Letter
from tests.factories import a_ticket

HOME = "12 rue des Tilleuls Imaginaires\n99999 Villefiction"


@pytest.fixture
def outbound(db) -> Outbound:
    ticket = a_ticket()
    choice = Choice(means="letter", to=HOME, channel="paper", reason="own_channel")
    words = {"subject": "Votre demande", "text": "Madame,\n\nVotre dossier #avance [bien] $x$.", "language": "fr"}
    delivery = post(ticket, choice, purpose="reply", actor="agent:1", **words)
    return Outbound(
        delivery_id=delivery.pk,
        ticket_id=ticket.pk,
        purpose="reply",
        means="letter",
        to=HOME,
        reference=ticket.reference,
        **words,
    )


def test_the_sheet_carries_address_reference_and_text_as_they_were_written(outbound):
    letter = put_in_tray(outbound)

    sheet = pdfium.PdfDocument(vault.read(letter.sha256))[0].get_textpage().get_text_bounded()
    plain = " ".join(sheet.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "Ana Exemple 12 rue des Tilleuls Imaginaires 99999 Villefiction" in plain
    assert "Votre dossier #avance [bien] $x$." in plain
    assert outbound.reference in plain.replace(" ", "")


def test_the_address_stands_in_the_window_of_the_envelope(outbound):
    letter = put_in_tray(outbound)

    page = pdfium.PdfDocument(vault.read(letter.sha256))[0]
    place = page.get_textpage().search("99999 Villefiction").get_next()
    left, bottom, _right, top = page.get_textpage().get_charbox(place[0])
    from_left, from_top = left / 72 * 25.4, (842 - top) / 72 * 25.4
    assert 100 < from_left < 120
    assert 45 < from_top < 85
    assert bottom > 0


def test_the_same_delivery_twice_is_one_letter_and_one_work_item(outbound):
    first, second = put_in_tray(outbound), put_in_tray(outbound)

    assert first == second
    assert Letter.objects.count() == 1


def test_a_letter_without_an_address_is_refused_for_good(outbound):
    nowhere = replace(outbound, to=" \n")

    with pytest.raises(DeliveryError) as refused:
        PaperChannel().send(nowhere)

    assert refused.value.permanent


def test_paper_carries_nothing_but_letters(outbound):
    text = replace(outbound, means="sms", to="+33639980001")

    with pytest.raises(DeliveryError):
        PaperChannel().send(text)


def test_the_name_stands_above_the_address_once():
    assert recipient("Ana Exemple", HOME)[0] == "Ana Exemple"
    assert recipient("Ana Exemple", f"Ana EXEMPLE\n{HOME}")[:2] == ["Ana EXEMPLE", "12 rue des Tilleuls Imaginaires"]
    assert recipient("", HOME) == HOME.splitlines()


def test_a_letter_in_arabic_reads_from_the_right_and_keeps_its_number_in_order(outbound):
    arabic = replace(outbound, text="رقم 482 719 305 8", language="ar")
    ticket = Delivery.objects.get(pk=outbound.delivery_id).ticket

    sheet = content(arabic, ticket, date(2026, 11, 23))

    assert sheet["right_to_left"]
    assert sheet["paragraphs"] == [unbroken("رقم 482 719 305 8")]
    assert "482\N{NO-BREAK SPACE}719" in unbroken("482 719 305 8")
    assert put_in_tray(arabic).size > 1000


def test_a_letter_does_not_begin_like_a_mail(outbound):
    ticket = Delivery.objects.get(pk=outbound.delivery_id).ticket

    sheet = content(replace(outbound, subject="Re: Re : ma carte"), ticket, date(2026, 11, 23))

    assert sheet["subject"] == "ma carte"
