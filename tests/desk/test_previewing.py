"""An answer is seen as the person will get it before it leaves, by the code that sends it."""

import pypdfium2 as pdfium
import pytest

from contactcenter.channel import Point, Speaker
from contactcenter.desk import previewing, services
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from tests.contracts.asking import asking_as
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db
HOME = "12 rue des Tilleuls Imaginaires\n99999 Villefiction"


def on_paper(**fields):
    ana = Speaker(name="Ana Exemple", points=(Point(kind="address", value=HOME),))
    return a_ticket(channel="paper", speaker=ana, **fields)


def test_a_mail_is_read_back_as_its_reader_s_program_shows_it():
    ticket = a_ticket(subject="Titre prêt ?")

    seen = previewing.preview(ticket.reference, "Bonjour,\n\nVenez jeudi à 10 h.", an_agent())

    assert (seen.choice.means, seen.choice.reason) == ("email", "own_channel")
    assert dict(seen.shown.head)["Objet"] == "Re: Titre prêt ?"
    assert dict(seen.shown.head)["À"] == "ana@example.org"
    assert seen.shown.text == "Bonjour,\n\nVenez jeudi à 10 h."


def test_what_was_seen_is_what_is_sent():
    ticket, by = a_ticket(), an_agent()
    seen = previewing.preview(ticket.reference, "Venez jeudi.", by)

    sent = services.reply(ticket.reference, "Venez jeudi.", by)

    assert (sent.means, sent.to, sent.subject, sent.text) == (
        seen.choice.means,
        seen.choice.to,
        seen.subject,
        seen.text,
    )


def test_nothing_is_kept_of_a_preview():
    ticket = a_ticket()
    before = Delivery.objects.count(), ticket.events.count(), ticket.interactions.count()

    previewing.preview(ticket.reference, "Venez jeudi.", an_agent())

    assert (Delivery.objects.count(), ticket.events.count(), ticket.interactions.count()) == before


@pytest.mark.parametrize(("text", "segments"), [("a" * 160, 1), ("a" * 161, 2), ("é" * 160, 1), ("ê" * 71, 2)])
def test_a_text_message_has_its_segments_counted(text: str, segments: int):
    ticket = receive(a_caller("+33639980001"))

    seen = previewing.preview(ticket.reference, text, an_agent())

    assert (seen.choice.means, seen.shown.segments, seen.shown.text) == ("sms", segments, text)


def test_a_text_message_that_nobody_can_answer_shows_the_line_that_says_whom_to_call(settings):
    settings.CC_SMS_SENDERS = {"+33": "ACCUEIL"}
    ticket = receive(a_caller("+33639980001"))

    seen = previewing.preview(ticket.reference, "Votre carte est prête.", an_agent())

    assert dict(seen.shown.head)["De"] == "ACCUEIL"
    assert "Appelez le 01 99" in seen.shown.text
    assert "Avec ê, un message n'a la place que de 70 signes" in seen.shown.note


def test_what_is_too_long_for_a_text_message_is_said_before_it_is_sent():
    ticket, by = receive(a_caller("+33639980001")), an_agent()

    for verb in (previewing.preview, services.reply):
        with pytest.raises(InvalidError, match="1400"):
            verb(ticket.reference, "a" * 1401, by)


def test_a_letter_is_seen_as_its_sheets_in_the_person_s_language():
    seen = previewing.preview(on_paper(language="ar").reference, "مرحبا\n\n" + "سطر\n" * 60, an_agent())

    assert len(seen.shown.pages) == len(pdfium.PdfDocument(seen.shown.document)) == 2
    assert all(page.startswith(b"\x89PNG") for page in seen.shown.pages)


def test_of_a_callback_one_sees_whom_one_calls_and_what_one_says():
    ticket = receive(a_caller("+33199000007", needs="message"))

    seen = previewing.preview(ticket.reference, "Votre carte est prête.", an_agent())

    assert (seen.choice.means, seen.choice.reason) == ("callback", "fixed_line")
    assert seen.shown.head == (("À", "01 99 00 00 07"),)


@pytest.mark.parametrize("text", ["", " \n", "Bonjour [[nom]]"])
def test_what_could_not_be_sent_is_not_shown_either(text: str):
    with pytest.raises(InvalidError):
        previewing.preview(a_ticket().reference, text, an_agent())


def test_of_another_office_nothing_is_shown():
    with pytest.raises(NotFoundError):
        previewing.preview(a_ticket().reference, "Bonjour", an_agent(office=an_office("else")))


def test_over_the_api():
    reference, api = on_paper().reference, asking_as(a_user())

    seen = api.post(f"/tickets/{reference}/replies/preview", {"text": "Venez jeudi."})

    assert seen.status_code == 200
    assert (seen.json()["means"], seen.json()["reason"], seen.json()["pages"]) == ("letter", "own_channel", 1)
    assert api.post(f"/tickets/{reference}/replies/preview", {"text": "x", "means": "sms"}).status_code == 422
