"""What a caller says after the tone."""

from django.http import HttpRequest
from django.utils import timezone

from ivr import menu, twiml
from ivr.models import Call
from ivr.services import calls, doors, voicemail
from ivr.views.answering import of_call
from ivr.views.menu import end_of_menu


@of_call
def recorded(request: HttpRequest, call: Call) -> str:
    """The caller stopped speaking or hung up; who said nothing is asked again, and then gets a human."""
    silences = request.GET.get("silent", "")
    if silences and request.POST.get("CallStatus") != "completed":
        return _again(call, int(silences) if silences.isascii() and silences.isdigit() and len(silences) < 3 else 1)
    voicemail.take_message(call, recording=request.POST.get("RecordingSid", ""))
    return twiml.thanks(call.language, calls.own_reference(call))


@of_call
def recording(request: HttpRequest, call: Call) -> str:
    """The audio is there to be fetched."""
    if request.POST.get("RecordingStatus") == "completed":
        voicemail.fetch(call, request.POST.get("RecordingSid", ""))
    return twiml.nothing()


def _again(call: Call, silences: int) -> str:
    """A third silence leads to a human, or to a promised callback; where neither can be, who needs time goes on."""
    helped = call.number or doors.of(call.line).standing(timezone.now()).serves
    if silences >= menu.MOST_TRIES and helped:
        voicemail.heard_nothing(call)
        return end_of_menu(call, menu.WAIT, call.language)
    if silences < menu.MOST_TRIES or call.slow:
        return twiml.record(call.language, "nothing_heard", slow=call.slow, silences=min(silences, 90))
    voicemail.take_message(call)
    return twiml.thanks(call.language, calls.own_reference(call))
