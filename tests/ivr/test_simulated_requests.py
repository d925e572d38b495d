"""The simulated network asks an application as the provider does, and reads its answers as strictly."""

import threading

import pytest
from twilio.request_validator import RequestValidator

from ivr.simulator.faults import Faults
from ivr.simulator.rest import Request
from ivr.simulator.webhooks import Webhooks
from tests.ivr.openapi import violations
from tests.ivr.scripted import TOKEN, application

XML = {"Content-Type": "text/xml"}


def test_a_call_rings_is_taken_and_ends_and_each_request_is_signed():
    with application({"/ivr/voice": "<Say>Bonjour</Say>", "/ivr/status": ""}) as made:
        call = made.call().join_end()

        ring, end = made.to("/ivr/voice")[0], made.to("/ivr/status")[0]
        assert (ring["CallStatus"], ring["Direction"], end["CallStatus"]) == ("ringing", "inbound", "completed")
        assert {"SequenceNumber", "Timestamp", "CallDuration"} <= end.keys()
        validator = RequestValidator(TOKEN)
        for one in made.asked:
            address = made.network.webhooks.base_url + one.path
            assert validator.validate(address, one.params, one.headers["X-Twilio-Signature"])
        assert call.heard == ["Bonjour"]


@pytest.mark.parametrize("how", ["form", "json"])
def test_a_shared_key_signs_with_sha256_and_says_so(how: str):
    with application({"/ivr/voice": ""}) as made:
        webhooks = Webhooks(made.network.webhooks.base_url, TOKEN, shared_key="webhooks_sharedkey_1")
        answer = (
            webhooks.post("/ivr/voice", {"A": "1"}) if how == "form" else webhooks.post_json("/ivr/voice", {"A": 1})
        )

        sent = answer.request
        params = made.asked[0].params if how == "form" else sent.body.decode()
        assert sent.headers["X-Twilio-Webhooks-Signature-Settings"] == "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
        assert RequestValidator(TOKEN).validate(
            sent.url, params, sent.headers["X-Twilio-Signature"], algorithm="HMAC_SHA256"
        )


def test_a_relative_address_is_read_against_its_document_and_get_carries_the_parameters():
    answers = {
        "/ivr/voice": '<Redirect method="GET">deep/menu?lang=fr</Redirect>',
        "/ivr/deep/menu": "<Redirect>next</Redirect>",
        "/ivr/deep/next": "<Say>Ici</Say>",
    }
    with application(answers) as made:
        assert made.call().join_end().heard == ["Ici"]

        asked = made.asked[1]
        assert (asked.method, asked.params["lang"], asked.params["From"]) == ("GET", "fr", "+33639980001")


def test_a_call_keeps_its_cookies_and_no_other_call_has_them():
    answers = {
        "/ivr/voice": (200, XML | {"Set-Cookie": "seen=1; Path=/"}, b"<Response><Redirect>next</Redirect></Response>"),
        "/ivr/next": "",
    }
    with application(answers) as made:
        made.call().join_end()
        made.call().join_end()

        with_cookie = [(one.path, "Cookie" in one.headers) for one in made.asked if one.path != "/ivr/status"]
        assert with_cookie == [("/ivr/voice", False), ("/ivr/next", True)] * 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, XML, b"<Response/>"), "11200"),
        ((200, {"Content-Type": "application/json"}, b"{}"), "12300"),
        ((200, XML, b"\n<?xml version='1.0'?><Response/>"), "12100"),
        ((200, XML, b"<Answer/>"), "12100"),
        ((200, XML, b"<Response><Say>" + b"a" * 65536 + b"</Say></Response>"), "11750"),
    ],
)
def test_an_answer_that_cannot_be_used_leads_to_the_fallback_address_with_the_reason(answer, code):
    with application({"/ivr/voice": answer, "/ivr/fallback": "<Say>Pardon</Say>"}) as made:
        call = made.call().join_end()

        assert call.heard == ["Pardon"]
        assert made.to("/ivr/fallback")[0]["ErrorCode"] == code


def test_no_answer_in_time_leads_to_the_fallback_address():
    told = threading.Event()

    def slow(_params: dict[str, str]) -> str:
        told.wait(20)
        return ""

    with application({"/ivr/voice": slow, "/ivr/fallback": "<Say>Pardon</Say>"}) as made:
        made.network.webhooks.timeout_s = 0.1

        assert made.call().join_end().heard == ["Pardon"]
        assert made.to("/ivr/fallback")[0]["ErrorCode"] == "11205"
        told.set()


def test_where_the_fallback_fails_too_the_caller_hears_the_provider_s_own_apology():
    with application({"/ivr/voice": (500, {}, b""), "/ivr/fallback": (500, {}, b"")}) as made:
        assert "application error" in made.call().join_end().heard[0]


@pytest.mark.parametrize("verb", ["<say>x</say>", '<Say voix="x">x</Say>', "<Gather><Record/></Gather>", "<Leave/>"])
def test_what_is_not_quite_right_is_warned_of_and_left_out(verb: str):
    with application({"/ivr/voice": f"{verb}<Say>Suite</Say>"}) as made:
        call = made.call().join_end()

        assert call.errors == [] if verb == "<Leave/>" else any(error.startswith("12200") for error in call.errors)


def test_a_request_made_again_carries_the_same_token():
    with application({"/ivr/voice": "<Say>Bonjour</Say>"}, faults=Faults(repeat_requests=2)) as made:
        made.call().join_end()

        first, second = [one.headers["I-Twilio-Idempotency-Token"] for one in made.asked if one.path == "/ivr/voice"]
        assert first == second


def test_what_the_provider_would_refuse_of_our_requests_is_found():
    form = {"To": ["+33639980001"], "From": ["+33199000000"], "Url": ["http://127.0.0.1/ivr/agent"]}
    events = ["ringing", "completed"]

    assert not violations(Request("POST", "Calls.json", form | {"StatusCallbackEvent": events, "Timeout": ["25"]}))
    assert violations(Request("POST", "Calls.json", {"To": ["+33639980001"]}))
    assert violations(Request("POST", "Calls.json", form | {"Timeout": ["soon"]}))
    assert violations(Request("POST", "Calls.json", form | {"Colour": ["red"]}))
    assert violations(Request("POST", "Calls.json", form | {"Url": ["/ivr/agent"]}))
    assert violations(Request("POST", "Calls.json", form | {"Method": ["POST", "GET"]}))
    assert violations(Request("PATCH", "Calls.json", form))
