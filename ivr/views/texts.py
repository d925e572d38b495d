"""Text messages."""

from django.http import HttpRequest

from ivr import twiml
from ivr.services import texts
from ivr.views.answering import of_event


@of_event
def sms(request: HttpRequest) -> str:
    """A text message came in."""
    sid = request.POST.get("MessageSid", "")[:64]
    if sid:
        texts.text_received(
            sid,
            number=request.POST.get("From", "")[:80],
            line=request.POST.get("To", "")[:80],
            text=request.POST.get("Body", "")[:10_000],
        )
    return twiml.nothing()


@of_event
def sms_status(request: HttpRequest) -> None:
    """What became of a text message of ours."""
    texts.text_reported(request.GET.get("delivery", ""), request.POST.get("MessageStatus", ""))
