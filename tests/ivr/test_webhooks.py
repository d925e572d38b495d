"""Only the provider may tell us about calls, and it may tell us anything."""

import pytest
from django.urls import resolve

from contactcenter.offices.models import Office
from contactcenter.routing.models import Queue
from contactcenter.tickets.models import Ticket
from ivr import checkup
from ivr.models import Call
from ivr.simulator.webhooks import Webhooks
from tests.ivr.conftest import Line

RING = {"CallSid": "CA1", "From": "+33639980001", "To": "+33199000001", "CallStatus": "ringing"}


@pytest.mark.parametrize(
    "forge",
    [
        lambda line: Webhooks(line.network.webhooks.base_url, "another-token").post("/ivr/voice", RING),
        lambda line: line.network.webhooks.session.post(line.network.webhooks.base_url + "/ivr/voice", data=RING),
        lambda line: line.network.webhooks.session.post(
            line.network.webhooks.base_url + "/ivr/voice",
            data={**RING, "Extra": "1"},
            headers={
                "X-Twilio-Signature": line.network.webhooks.sign(line.network.webhooks.base_url + "/ivr/voice", RING)
            },
        ),
        lambda line: line.network.webhooks.session.post(
            line.network.webhooks.base_url + "/ivr/voice?x=1",
            data=RING,
            headers={
                "X-Twilio-Signature": line.network.webhooks.sign(line.network.webhooks.base_url + "/ivr/voice", RING)
            },
        ),
        lambda line: line.network.webhooks.session.post(
            line.network.webhooks.base_url + "/ivr/voice",
            json=RING,
            headers={
                "X-Twilio-Signature": line.network.webhooks.sign(line.network.webhooks.base_url + "/ivr/voice", {})
            },
        ),
    ],
    ids=["another token", "no signature", "another parameter", "another address", "a body that nobody signed"],
)
def test_a_forged_webhook_is_refused_and_leaves_nothing(line: Line, forge):
    assert forge(line).status_code == 403
    assert Ticket.objects.count() == 0


def test_the_same_webhook_many_times_is_one_call(line: Line):
    answers = {line.network.webhooks.post("/ivr/voice", RING).text for _ in range(5)}

    assert len(answers) == 1
    assert Call.objects.count() == Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "number", ["anonymous", "+266696687", "sip:ana@example.org", "", "+", "\x00\x0b😀", "9" * 10_000]
)
def test_whoever_calls_gets_an_answer(line: Line, number: str):
    answer = line.network.webhooks.post("/ivr/voice", {**RING, "From": number})

    assert answer.status_code == 200
    assert "<Gather" in answer.text
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("digits", ["1" * 10_000, "😀", "\x0b", "<Dial>", "*", ""])
def test_whatever_is_keyed_gets_an_answer(line: Line, digits: str):
    line.network.webhooks.post("/ivr/voice", RING)

    answer = line.network.webhooks.post("/ivr/menu?node=topic&tries=0", {**RING, "Digits": digits})

    assert answer.status_code == 200
    assert "<Dial>" not in answer.text


def test_a_status_for_a_call_we_never_heard_of_opens_nothing(line: Line):
    answer = line.network.webhooks.post("/ivr/status", {"CallSid": "CA404", "CallStatus": "completed"})

    assert answer.status_code == 204
    assert Ticket.objects.count() == 0


def test_when_we_fail_the_caller_hears_an_apology_and_can_leave_a_message(line: Line):
    Queue.objects.all().delete()
    Office.objects.all().delete()

    answer = line.network.webhooks.post("/ivr/voice", RING)

    assert answer.status_code == 200
    assert "<Record" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("leg", ["", "nonsense", "404"])
def test_a_leg_we_never_dialled_is_ended(line: Line, leg: str):
    line.network.webhooks.post("/ivr/voice", RING)

    answer = line.network.webhooks.post(f"/ivr/agent?call={Call.objects.get().pk}&leg={leg}", {"CallSid": "CA9"})

    assert "<Hangup" in answer.text
    assert Call.objects.get().ticket.subject


def test_the_doctor_says_what_to_enter_at_the_provider(line: Line, settings):
    settings.CC_DEMO = False
    settings.CC_PUBLIC_BASE_URL = "https://accueil.example"

    (told,) = (finding.text for finding in checkup.addresses() if line.office.phone in finding.text)

    for path in ("voice", "status", "sms"):
        assert f" https://accueil.example/ivr/{path}" in told
        resolve(f"/ivr/{path}")
