"""What a caller says after the tone."""

from django.http import HttpRequest
from django.utils import timezone

from ivr import addresses, menu, twiml
from ivr.models import Call
from ivr.services import calls, doors, outgoing, voicemail
from ivr.views.answering import kept_at, of_call, of_event
from ivr.views.menu import ask_again, end_of_menu


@of_call
def recorded(request: HttpRequest, call: Call) -> str:
    """The caller stopped speaking or hung up; who said nothing is asked again, and then gets a human."""
    silences, is_promised = addresses.number(request.GET.get("silent", "")), "promised" in request.GET
    recording, is_gone = request.POST.get("RecordingSid", ""), request.POST.get("CallStatus") == "completed"
    if silences and not is_gone:
        return _still_promised(call, silences) if is_promised else _again(call, silences)
    wants_somebody = request.POST.get("Digits", "") == menu.HUMAN and not is_gone
    if recording or not (is_promised or wants_somebody):
        voicemail.take_message(call, recording=recording, promised=is_promised)
    if not wants_somebody:
        return twiml.thanks(call.language, calls.own_reference(call))
    voicemail.heard_nothing(call)
    return end_of_menu(call, menu.WAIT, call.language, at=kept_at(request))


@of_event
def recording(request: HttpRequest) -> None:
    """The audio is there to be fetched. Who called whom is not told with it: a call that we do not know stays so.

    Of such a call `recorded` is kept and carried in later, and names the audio too.
    """
    call = Call.objects.named(request.POST.get("CallSid", "")[:64])
    if call and request.POST.get("RecordingStatus") == "completed":
        voicemail.fetch(call, request.POST.get("RecordingSid", ""))


def _again(call: Call, silences: int) -> str:
    """A third silence leads to a human or a promised callback; where neither can be, the menu is asked again."""
    line = doors.of(call.line)
    standing = line.standing(timezone.now())
    step = menu.answer(menu.RECORDER, "", min(silences, menu.MOST_TRIES) - 1, line.offer, standing)
    if step.to == menu.RECORDER:
        return twiml.record(call.language, "nothing_heard", slow=call.slow, silences=silences)
    voicemail.heard_nothing(call)
    if outgoing.may_call(call.number) or standing.serves:
        return end_of_menu(call, step.to, call.language, unasked=True)
    return ask_again(call, line)


def _still_promised(call: Call, silences: int) -> str:
    """They are called back, as they were told: nothing more is needed of them. Who needs time is not hung up on."""
    if call.slow:
        return twiml.record(call.language, "nothing_heard", slow=True, silences=min(silences, 90), promised=True)
    return twiml.farewell(call.language)
