"""Text messages."""

from django.http import HttpRequest

from ivr import addresses, twiml
from ivr.services import texts
from ivr.views.answering import kept_at, of_event


@of_event
def sms(request: HttpRequest) -> str:
    """A text message came in. Its id makes it one, however often it is told; the same words again are another."""
    sid = (request.POST.get("MessageSid") or request.POST.get("SmsSid", ""))[:64]
    if sid:
        texts.text_received(
            sid,
            number=request.POST.get("From", "")[:80],
            line=request.POST.get("To", "")[:80],
            text=request.POST.get("Body", "")[:10_000],
            at=kept_at(request),
        )
    return twiml.nothing()


@of_event
def sms_status(request: HttpRequest) -> None:
    """What became of a text message of ours."""
    number, status = addresses.number(request.GET.get("delivery", "")), request.POST.get("MessageStatus", "")
    texts.text_reported(number, status, sid=request.POST.get("MessageSid", "")[:64])
