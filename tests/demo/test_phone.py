"""The telephone in the browser calls the demo's line as anybody would, and only in the demo."""

import pytest
from django.urls import reverse

from ivr.models import Call
from tests.ivr.conftest import Line, line, soon

__all__ = ["line"]
PAGE = "/demo/phone/"


def heard(client, sid: str) -> str:
    return client.get(reverse("demo-phone-heard", args=[sid])).content.decode()


def test_somebody_calls_presses_a_key_and_hangs_up_by_forms_alone(client, line: Line):
    page = client.post(reverse("demo-phone-dial"), {"number": "+33639980042", "message": ""})
    sid = page["Location"].partition("call=")[2]
    line.network.calls[sid].patient = True
    assert soon(lambda: "<li" in heard(client, sid))

    client.post(reverse("demo-phone-press", args=[sid]), {"key": "1"})
    assert soon(lambda: line.network.calls[sid].trail.count("Gather") >= 2)
    client.post(reverse("demo-phone-press", args=[sid]), {"key": ""})

    assert soon(lambda: 'data-over="1"' in heard(client, sid))
    assert Call.objects.get(sid=sid).number == "+33639980042"
    assert client.get(f"{PAGE}?call={sid}").status_code == 200


@pytest.mark.parametrize("number", ["", "not a number", "<script>", "1" * 400])
def test_a_number_that_is_none_is_a_withheld_one(client, line: Line, number: str):
    client.post(reverse("demo-phone-dial"), {"number": number})

    assert soon(lambda: Call.objects.exists())
    assert Call.objects.get().number == ""


@pytest.mark.parametrize("call", ["", "CAnobody", "../../x", "<script>"])
def test_a_call_that_nobody_made_is_told_so(client, line: Line, call: str):
    page = client.get(PAGE, {"call": call})

    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


@pytest.mark.django_db
def test_without_the_network_the_page_says_what_to_do(client, settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    settings.CC_DEMO = True

    assert "./run" in client.get(PAGE, {"call": "CA1"}).content.decode()


@pytest.mark.django_db
def test_outside_the_demo_there_is_no_such_page(client, settings):
    settings.CC_DEMO = False

    assert client.get(PAGE).status_code == 404
