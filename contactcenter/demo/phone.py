"""A telephone in the browser: somebody calls the demo's line through its simulated network, by forms alone."""

import re
from typing import Any

import requests
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contactcenter.demo.views import in_demo
from contactcenter.offices.models import Door

NUMBER = re.compile(r"\+?[0-9]{3,15}")
SID = re.compile(r"[A-Za-z0-9]{2,64}")
USUAL = "+33639980042"
KEYS = "123456789*0#"
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
TIMEOUT_S = 5


@in_demo
def phone(request: HttpRequest) -> HttpResponse:
    """The telephone: on the hook, or in a call with what was heard of it."""
    facts = {"keys": KEYS, "number": USUAL, **_call(request.GET.get("call", ""))}
    return render(request, "demo/phone.html", facts)


@in_demo
def heard(request: HttpRequest, sid: str) -> HttpResponse:
    """What was heard so far."""
    return render(request, "demo/_heard.html", _call(sid))


@require_POST
@in_demo
def dial(request: HttpRequest) -> HttpResponse:
    """Call the first office's line; a number that is none is a withheld one."""
    number = request.POST.get("number", "").replace(" ", "")
    form = {
        "From": number if NUMBER.fullmatch(number) else "anonymous",
        "To": Door.objects.filter(kind="phone", closed_at=None).order_by("pk").values_list("address", flat=True)[0],
        "Message": request.POST.get("message", "")[:500],
    }
    told = _ask("POST", "callers", form)
    return redirect(f"{reverse('demo-phone')}?call={told.get('sid', '')}")


@require_POST
@in_demo
def press(request: HttpRequest, sid: str) -> HttpResponse:
    """Press a key, or hang up."""
    key = request.POST.get("key", "")
    if SID.fullmatch(sid):
        _ask("POST", f"Calls/{sid}.json", {"Press": key} if key and key in KEYS else {"Status": "completed"})
    return redirect(f"{reverse('demo-phone')}?call={sid}")


def _call(sid: str) -> dict[str, Any]:
    """A call as the network knows it; nothing where there is none."""
    told = _ask("GET", f"Calls/{sid}.json") if SID.fullmatch(sid) else {}
    if "state" not in told:
        wrong = _("The telephone network does not answer: start the demo with ./run.") if told.get("away") else ""
        return {"call": None, "wrong": wrong}
    return {"call": told, "over": told["state"] in OVER, "said": _said(told["state"])}


def _said(state: str) -> str:
    """Where the call is, in words."""
    words = {
        "ringing": _("It rings."),
        "queued": _("You wait for a person."),
        "recording": _("You speak after the tone."),
        "completed": _("The call is over."),
    }
    if state.startswith("conference"):
        return _("You are talking with a person.")
    return words.get(state, _("You are in the menu."))


def _ask(method: str, path: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.request(method, f"{settings.TWILIO_API_BASE_URL}/{path}", data=form, timeout=TIMEOUT_S)
        return dict(answer.json())
    except (requests.RequestException, ValueError):
        return {"away": True}
