"""Whatever reaches the call flow, from whichever number: an answer, one ticket, and no stack trace."""

import re
from urllib.parse import quote

import pytest
import requests
from django.conf import settings
from django.test import Client

from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr import menu
from ivr.carry import carry_due
from ivr.models import Call, Command
from ivr.provider import Provider
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line

DIGITS = ["😀", "\x00\x0b\x1b", "1" * 10_240, "<Say>1</Say>", "١", "-1", " ", "*#*#", "0'; DROP TABLE ivr_call; --"]
NUMBERS = [
    "anonymous", "Restricted", "unknown", "", "+266696687", "+7378742833", "+86282452253", "+", "++33", "+33",
    "client:browser", "sip:ana@example.org;user=phone", "\x00\x0b😀", "9" * 10_240, "+" + "9" * 10_240, "<x>",
    "00 33 6 39 98 00 01",
]  # fmt: skip
RECORDINGS = ["RE1", "9b1f8a0e-2f4c-4a57-9d1b-3f0c7a6e5d21"]  # the second as another provider names them
STATES = [
    "node=nothing&tries=0",
    "node=code&tries=99999999999999999999",
    "node=code&reference=%00%F0%9F%98%80",
    "tries=-1",
    "",
]


@pytest.mark.parametrize("digits", DIGITS)
def test_whatever_is_keyed_at_whichever_node_is_answered(line: Line, digits: str):
    caller = Caller(line).ring()

    for node in sorted(set(menu.NODES) - menu.WHILE_WAITING):
        caller.post(f"/ivr/menu?node={node}&tries=0&reference=1000000000&told=state_new", Digits=digits)
        assert caller.verbs
        assert "incident technique" not in caller.heard
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", caller.heard)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("digits", DIGITS)
def test_whatever_is_keyed_while_waiting_is_answered(line: Line, digits: str):
    caller = Caller(line).ring().keys("1", "1", "1")

    for node in sorted(menu.WHO):
        assert caller.post(f"/ivr/identify?node={node}&tries=0&reference=1", Digits=digits).verbs
        assert "incident technique" not in caller.heard
    assert caller.post("/ivr/wait-key", Digits=digits).verbs
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("number", NUMBERS)
def test_whoever_calls_from_whichever_number_gets_through_to_the_queue(line: Line, number: str):
    caller = Caller(line, number=number).ring().keys("1", "1", "1")

    assert caller.verbs == ["Enqueue"]
    assert Ticket.objects.count() == Call.objects.count() == 1


@pytest.mark.parametrize("number", ["+266696687", "+7378742833", "+86282452253", "+8656696"])
def test_two_who_show_no_number_are_not_taken_for_one(line: Line, number: str):
    Caller(line, number=number).ring().keys("1", "1", "1")
    Caller(line, sid="CAother", number=number).ring().keys("1", "1", "1")

    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("header", ["é", "中", "\udcff"])
def test_a_signature_of_strange_letters_is_refused_as_any_other(header: str):
    answer = Client().post("/ivr/voice", {"CallSid": "CA1"}, HTTP_X_TWILIO_SIGNATURE=header)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "recording", [*RECORDINGS, "", "../Calls/CA1", "RE1/../x", "http://127.0.0.1:9", "é", "R" * 65]
)
def test_a_recording_is_asked_for_by_its_id_and_never_at_an_address_that_somebody_sends(line: Line, recording: str):
    caller = Caller(line).ring().keys("1", "5", "3")
    told = {"RecordingSid": recording, "RecordingUrl": "http://127.0.0.1:9/steal", "RecordingStatus": "completed"}

    caller.post(caller.document.find("Record").get("action"), Digits="#", **told).tell("/ivr/recording", **told)

    asked = Command.objects.filter(kind="fetch").values_list("argument", flat=True)
    assert list(asked) == ([recording] if recording in RECORDINGS else [])
    assert WorkItem.objects.get().kind == "message"


@pytest.mark.parametrize("address", ["status?call=", "status?leg=", "agent?leg=", "held?call=", "join?call="])
@pytest.mark.parametrize("number", ["987654", "x", "²", "٣", "-1", "9" * 40])
def test_a_number_that_is_nobody_s_opens_nothing_and_breaks_nothing(line: Line, address: str, number: str):
    answer = line.network.webhooks.post(f"/ivr/{address}{quote(number)}", {"CallSid": "CA9", "CallStatus": "completed"})

    assert answer.status_code in (200, 204)
    assert "incident technique" not in answer.text
    assert Ticket.objects.count() <= 1  # an address without a number is one of the call's own


@pytest.mark.parametrize("path", ["voice", "menu", "status", "sms", "recorded"])
def test_whoever_only_looks_at_a_webhook_is_told_nothing(path: str):
    assert Client().get(f"/ivr/{path}").status_code == 405


@pytest.mark.parametrize("state", STATES)
def test_an_address_that_nobody_made_is_answered(line: Line, state: str):
    caller = Caller(line).ring().post(f"/ivr/menu?{state}", Digits="9")

    assert caller.verbs
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("told", ["receipt-", "receipt-x", "receipt-٣", "topic", "<Dial>", "state_nothing", "\x0b"])
def test_what_is_told_again_is_only_what_we_tell(line: Line, told: str):
    caller = Caller(line).ring().post(f"/ivr/menu?node=after&tries=0&told={quote(told)}", Digits="*")

    assert caller.asked() == "after"
    assert "incident technique" not in caller.heard


def test_nothing_that_is_answered_is_over_sixty_four_kilobytes(line: Line):
    base = line.network.webhooks
    ring = {"CallSid": "CA1", "From": "+33639980001", "To": line.office.phone, "CallStatus": "in-progress"}
    for path in ("/ivr/voice", f"/ivr/menu?node=code&tries=0&reference={'9' * 6_000}"):
        assert len(base.post(path, {**ring, "Digits": "9" * 10_240}).content) < 64_000


ELSEWHERE = "http://127.0.0.1:9/a-recording.wav"


@pytest.mark.parametrize("sid", ["REtrue", "../../Calls/CA1", ELSEWHERE, "", "x" * 65])
def test_an_address_of_a_recording_is_never_asked_and_the_message_is_one_still(line: Line, monkeypatch, sid: str):
    asked: list[str] = []
    caller = Caller(line)
    caller.ring().keys("1", "1", "3").post("/ivr/recorded", RecordingSid=sid, RecordingUrl=ELSEWHERE)
    caller.tell("/ivr/recording", RecordingSid=sid, RecordingUrl=ELSEWHERE, RecordingStatus="completed")
    monkeypatch.setattr("requests.Session.request", lambda _self, _method, url, **_more: asked.append(url) or _gone())

    carry_due(Provider())

    assert all(url.startswith(settings.TWILIO_API_BASE_URL) and url.endswith("/Recordings/REtrue.wav") for url in asked)
    assert len(asked) == (sid == "REtrue")
    assert WorkItem.objects.get().kind == "message"


def _gone() -> requests.Response:
    answer = requests.Response()
    answer.status_code = 404
    return answer


@pytest.mark.parametrize("leg", ["", "x", "0", "9" * 40, "-1", "1 OR 1"])
def test_a_standing_line_that_nobody_knows_is_ended(line: Line, leg: str):
    answer = line.network.webhooks.post(f"/ivr/stand?leg={quote(leg)}", {"CallSid": "CAx", "Direction": "outbound-api"})

    assert "<Hangup" in answer.text
