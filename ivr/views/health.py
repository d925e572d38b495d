"""Does the provider reach us? We ask ourselves as it would: from outside, at the public address, signed."""

from datetime import timedelta

import requests
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from contactcenter.limits import Limit
from ivr import signature
from ivr.signature import provider_only

TIMEOUT_S = 4
OFTEN = Limit(name="ivr-health", burst=20, period=timedelta(minutes=1))
PATH = "/ivr/health"


@csrf_exempt
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """GET: sign a request to ourselves and send it to the public address. POST: that request, as it arrives."""
    return _arrived(request) if request.method == "POST" else _asked(request)


@provider_only
def _arrived(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


def _asked(request: HttpRequest) -> HttpResponse:
    if not OFTEN.allows(request.META.get("REMOTE_ADDR", "")):
        return HttpResponse("Ask again in a minute.\n", status=429, content_type="text/plain")
    address = settings.CC_PUBLIC_BASE_URL + PATH
    wrong = _wrong(address)
    told = {"address": address, "reached": not wrong, **({"why": wrong} if wrong else {})}
    return JsonResponse(told, status=503 if wrong else 200)


def _wrong(address: str) -> str:
    """Why the provider would not get through; nothing, if it would."""
    fields = {"CallSid": "health"}
    headers = signature.own(address, [(name, [value]) for name, value in fields.items()])
    try:
        answer = requests.post(address, data=fields, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        return f"The public address does not answer ({type(error).__name__}): check CC_PUBLIC_BASE_URL and the proxy."
    if answer.status_code == 403:
        return "Our own signature was refused: the proxy changes the path or the query, or the secrets differ."
    if answer.status_code != 204:
        return f"The public address answers with {answer.status_code} instead of 204: does it lead here?"
    return ""
