"""Text messages."""

from django.http import HttpRequest, HttpResponse

from ivr import twiml
from ivr.services import texts
from ivr.signature import provider_only
from ivr.views.answering import xml


@provider_only
def sms(request: HttpRequest) -> HttpResponse:
    """A text message came in."""
    sid = request.POST.get("MessageSid", "")[:64]
    if sid:
        texts.text_received(
            sid,
            number=request.POST.get("From", "")[:80],
            line=request.POST.get("To", "")[:80],
            text=request.POST.get("Body", "")[:10_000],
        )
    return xml(twiml.nothing())


@provider_only
def sms_status(request: HttpRequest) -> HttpResponse:
    """What became of a text message of ours."""
    texts.text_reported(request.GET.get("delivery", ""), request.POST.get("MessageStatus", ""))
    return HttpResponse(status=204)
