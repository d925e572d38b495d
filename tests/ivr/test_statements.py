"""How many statements a webhook costs: what is set for a line is read every few seconds, not at every key."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from twilio.request_validator import RequestValidator

from ivr.services import calls, doors, line
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
        with CaptureQueriesContext(connection) as asked:
            assert client.post(path, params, headers={"X-Twilio-Signature": signed}).status_code == 200
        return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in asked)

    return tell


def test_a_repeated_question_reads_nothing_of_its_line(told):
    first = told("/ivr/voice", "CA1")
    told("/ivr/menu?node=language&tries=0", "CA1", Digits="1")

    again = [told("/ivr/menu?node=topic&tries=0", "CA1", Digits=key) for key in ("*", "7", "x")]

    assert told("/ivr/voice", "CA2") < first
    assert again[0] == again[2]
    assert again[0] <= 2
