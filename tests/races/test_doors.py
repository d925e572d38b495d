"""The same thing handed in six times at once at the real doors: one ticket, and everybody is told the same."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from contactcenter.outbox.models import Delivery
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from contactcenter.webform.submission import new_token
from ivr.models import Call
from mail.services import accept, take_pending
from tests.factories import an_office
from tests.races.together import six_times

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"\r\n".join(
    [
        b"From: Ana Exemple <ana@example.org>",
        b"To: contact@valmorin.example",
        b"Subject: Titre",
        b"Message-ID: <a@example.org>",
        b"",
        b"Bonjour.",
        b"",
    ]
)


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    settings.CC_DATA_DIR = tmp_path
    an_office()


def test_a_form_sent_six_times_is_one_ticket_with_the_same_confirmation() -> None:
    form = {"token": new_token(), "text": "Ma carte est perdue.", "email": "ana@example.org"}

    pages = six_times(lambda: Client().post("/request/other/", form, follow=True).content.decode())

    told = {found[1] for page in pages if (found := re.search(r'data-reference="(\d+)"', page))}
    assert told == {Ticket.objects.get().reference}
    assert Delivery.objects.filter(purpose="receipt").count() == WorkItem.objects.count() == 1


def test_a_call_announced_six_times_is_one_ticket_and_every_answer_is_the_menu(settings: Settings) -> None:
    ring = {"CallSid": "CA" + "a" * 32, "From": "+33639980001", "To": "+33199000100", "CallStatus": "ringing"}
    address = f"{settings.CC_PUBLIC_BASE_URL}/ivr/voice"
    signed = {"X-Twilio-Signature": RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(address, ring)}

    answers = six_times(lambda: Client().post("/ivr/voice", ring, headers=signed))

    assert {answer.status_code for answer in answers} == {200}
    assert all("<Gather" in answer.content.decode() for answer in answers)
    assert Ticket.objects.count() == Call.objects.count() == 1


def test_a_mail_delivered_six_times_and_taken_by_six_workers_is_one_ticket() -> None:
    office = an_office().pk

    six_times(lambda: accept(MAIL, sender="ana@example.org", office_id=office).pk)
    six_times(take_pending)

    assert Ticket.objects.get().subject == "Titre"
    assert WorkItem.objects.count() == 1
    assert Delivery.objects.filter(purpose="receipt").count() == 1
