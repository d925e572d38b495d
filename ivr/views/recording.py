"""What a caller says after the tone."""

from django.http import HttpRequest

from ivr import twiml
from ivr.models import Call
from ivr.services import voicemail
from ivr.views.answering import of_call


@of_call
def recorded(request: HttpRequest, call: Call) -> str:
    """The caller stopped speaking, hung up, or said nothing."""
    voicemail.take_message(call, recording=request.POST.get("RecordingSid", ""))
    return twiml.thanks(call.language, call.ticket.reference)


@of_call
def recording(request: HttpRequest, call: Call) -> str:
    """The audio is there to be fetched."""
    if request.POST.get("RecordingStatus") == "completed":
        voicemail.fetch(call, request.POST.get("RecordingSid", ""))
    return twiml.nothing()
