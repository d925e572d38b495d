"""How many statements a webhook costs: what is set for a line is read every few seconds, not at every key."""

import secrets

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from twilio.request_validator import RequestValidator

from ivr.services import calls, doors, line
from ivr.views.answering import TOKEN
from tests.factories import an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings, client: Client):
    """Say something to a webhook; returns how many statements that took."""
    settings.TWILIO_AUTH_TOKEN = "secret"
    settings.CC_PUBLIC_BASE_URL = "http://testserver"
    office = an_office()
    for kept in (calls.forget_lines, doors.forget, line.forget):
        kept()

    def tell(path: str, sid: str, **more: str) -> int:
        params = {"CallSid": sid, "From": "+33639980001", "To": office.phone, "CallStatus": "in-progress", **more}
        signed = RequestValidator("secret").compute_signature(f"http://testserver{path}", params)
        headers = {"X-Twilio-Signature": signed, TOKEN: secrets.token_hex(16)}
        with CaptureQueriesContext(connection) as asked:
            assert client.post(path, params, headers=headers).status_code in (200, 204)
        return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in asked)

    return tell


def test_a_repeated_question_reads_nothing_of_its_line(told):
    first = told("/ivr/voice", "CA1")
    told("/ivr/menu?node=language&tries=0", "CA1", Digits="1")

    again = [told("/ivr/menu?node=topic&tries=0", "CA1", Digits=key) for key in ("*", "7", "x")]

    assert told("/ivr/voice", "CA2") < first
    assert again[0] == again[2]
    assert again[0] <= 2


@pytest.mark.postgresql
def test_a_whole_call_costs_few_turns_to_the_database(told):
    def call(sid: str) -> int:
        rung = told("/ivr/voice", sid)
        keyed = [told(f"/ivr/menu?node={node}&tries=0", sid, Digits="1") for node in ("language", "topic", "way")]
        waited = told("/ivr/wait", sid, QueuePosition="1")
        left = told("/ivr/queued", sid, QueueResult="hangup", CallStatus="completed")
        over = told("/ivr/status", sid, CallStatus="completed", SequenceNumber="0")
        return rung + sum(keyed) + waited + left + over

    call("CA1")  # the line is read, queue and lanes are made

    # two of them ask which skills the work needs, one what it is about, one what is owed on other requests
    assert call("CA2") <= 53
