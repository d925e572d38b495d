"""A webhook about one call: read, done in one verb, answered with TwiML at once."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from ivr import twiml
from ivr.models import Call
from ivr.services import calls
from ivr.signature import provider_only

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest, Call], str]


def xml(document: str) -> HttpResponse:
    """A document for the provider."""
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def of_call(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """A webhook about one call. Whatever goes wrong with us, the caller hears an apology and can leave a message."""

    @provider_only
    @wraps(answer)
    def handle(request: HttpRequest) -> HttpResponse:
        try:
            call = _call(request)
            return xml(answer(request, call) if call else twiml.hang_up())
        except Exception:
            log.exception("ivr.failed", extra={"path": request.path})
            return xml(twiml.record("fr", "apology"))

    return handle


def _call(request: HttpRequest) -> Call | None:
    """The call a webhook is about, begun where we had not heard of it yet."""
    number = request.GET.get("call", "")
    if number.isdigit():
        return Call.objects.filter(pk=number).select_related("ticket").first()
    sid = request.POST.get("CallSid", "")[:64]
    if not sid or request.POST.get("Direction", "").startswith("outbound"):
        return None  # a leg that we dialled is nobody's request
    known = None if request.path.endswith("/voice") else calls.find(sid)
    return known or calls.begin(sid, number=request.POST.get("From", "")[:80], line=request.POST.get("To", "")[:80])
