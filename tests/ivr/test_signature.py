"""Whose signature is believed: behind a proxy, over a form or JSON, by which token and which key."""

import json
from urllib.parse import quote

import pytest
from django.test import Client
from twilio.request_validator import RequestValidator

from contactcenter.tickets.models import Ticket
from ivr import signature
from ivr.simulator.webhooks import Webhooks
from tests.ivr.conftest import TOKEN, Line

RING = {"CallSid": "CA1", "From": "+33639980001", "To": "+33199000001", "CallStatus": "ringing"}
KEY = "webhooks_sharedkey_1"


def webhooks(line: Line, token: str = TOKEN, **more: str) -> Webhooks:
    return Webhooks(line.network.webhooks.base_url, token, **more)


@pytest.mark.parametrize(
    ("public", "written"),
    [
        ("https://centre.example", "https://centre.example"),
        ("https://centre.example", "https://centre.example:443"),
        ("https://centre.example:443", "https://centre.example"),
        ("https://centre.example:8443", "https://centre.example:8443"),
        ("https://centre.example:8443", "https://centre.example"),
        ("http://centre.example", "http://centre.example:80"),
    ],
)
def test_behind_a_proxy_the_public_address_is_what_is_signed(line: Line, settings, public: str, written: str):
    settings.CC_PUBLIC_BASE_URL = public
    path = "/ivr/voice?line=" + quote("à la carte") + "&x=a%2Bb+c"
    given = RequestValidator(TOKEN).compute_signature(written + path, RING)

    answer = Client().post(path, RING, headers={"X-Twilio-Signature": given, "host": "127.0.0.1"})

    assert answer.status_code == 200


def test_a_value_that_is_sent_twice_is_signed_as_the_provider_signs_it():
    fields = [("StatusCallbackEvent", ["b", "a", "b"]), ("A", ["1"])]

    class Sent(dict):
        def getlist(self, name):
            return self[name]

    theirs = RequestValidator(TOKEN).compute_signature("https://centre.example/ivr/status", Sent(fields))
    assert signature.sign(TOKEN, "https://centre.example/ivr/status", fields) == theirs


@pytest.mark.parametrize("token", [TOKEN, "the-old-token"])
def test_while_tokens_rotate_both_are_believed(line: Line, settings, token: str):
    settings.TWILIO_AUTH_TOKENS_OTHER = ["the-old-token"]

    assert webhooks(line, token).post("/ivr/voice", RING).status_code == 200
    assert webhooks(line, "an-older-token").post("/ivr/voice", RING).status_code == 403


def test_a_shared_key_is_believed_by_its_own_secret_alone(line: Line, settings):
    settings.TWILIO_SHARED_KEYS = {KEY: "its-secret"}

    assert webhooks(line, "its-secret", shared_key=KEY).post("/ivr/voice", RING).status_code == 200
    assert webhooks(line, TOKEN, shared_key=KEY).post("/ivr/voice", RING).status_code == 403
    assert webhooks(line, "its-secret", shared_key="webhooks_sharedkey_2").post("/ivr/voice", RING).status_code == 403


@pytest.mark.parametrize(
    "named",
    [
        f"key={KEY},algorithm=HMAC_SHA1",
        f"key={KEY}",
        "algorithm=HMAC_SHA256",
        f"key={KEY},algorithm=none",
        "",
        f"key=,algorithm=HMAC_SHA256,key={KEY}x",
    ],
)
def test_no_header_leads_back_to_the_weaker_signature(line: Line, settings, named: str):
    settings.TWILIO_SHARED_KEYS = {KEY: "its-secret"}
    address = f"{line.network.webhooks.base_url}/ivr/voice"
    for secret in (TOKEN, "its-secret", ""):
        headers = {
            "X-Twilio-Signature": webhooks(line, secret).sign(address, RING),
            "X-Twilio-Webhooks-Signature-Settings": named,
        }
        assert line.network.webhooks.session.post(address, data=RING, headers=headers).status_code == 403


def test_once_only_shared_keys_sign_the_token_is_believed_no_more(line: Line, settings):
    settings.TWILIO_SHARED_KEYS, settings.TWILIO_SHARED_KEYS_ONLY = {KEY: "its-secret"}, True

    assert webhooks(line).post("/ivr/voice", RING).status_code == 403
    assert webhooks(line, "its-secret", shared_key=KEY).post("/ivr/voice", RING).status_code == 200


def test_without_any_secret_nobody_is_believed(line: Line, settings):
    settings.TWILIO_AUTH_TOKEN = ""

    assert webhooks(line, "").post("/ivr/voice", RING).status_code == 403


def test_a_json_body_is_a_call_like_any_other(line: Line):
    assert "<Gather" in line.network.webhooks.post_json("/ivr/voice", RING).text
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("change", [b"", b"{", b'{"CallSid":"CA2"}'])
def test_a_json_body_that_was_changed_on_the_way_is_refused(line: Line, change: bytes):
    honest = line.network.webhooks.post_json("/ivr/voice", RING).request

    answer = line.network.webhooks.session.post(
        honest.url, data=change, headers=dict(honest.headers) | {"Content-Length": str(len(change))}
    )

    assert answer.status_code == 403
    assert json.loads(honest.body) == RING


def test_signed_json_that_is_no_object_says_nothing_to_us(line: Line):
    assert line.network.webhooks.post_json("/ivr/voice", ["CA1"]).status_code == 400
    assert Ticket.objects.count() == 0


def test_a_truncated_form_is_refused(line: Line):
    address = f"{line.network.webhooks.base_url}/ivr/voice"
    headers = {
        "X-Twilio-Signature": line.network.webhooks.sign(address, RING),
        "Content-Type": "application/x-www-form-urlencoded",
    }

    answer = line.network.webhooks.session.post(address, data="CallSid=CA1&From=%2B3363998", headers=headers)

    assert answer.status_code == 403
    assert Ticket.objects.count() == 0
