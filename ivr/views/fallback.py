"""We failed a moment ago: whoever waited, was being connected or talked goes on with it; else they leave a message."""

from django.http import HttpRequest

from ivr import rooms, twiml
from ivr.models import Call, CallState
from ivr.services import voicemail
from ivr.views.answering import of_call
from ivr.views.meeting import together

IN_QUEUE = frozenset({"wait", "wait-key", "identify"})
MEETING = frozenset({"join", "notice"})


@of_call
def fallback(request: HttpRequest, call: Call) -> str:
    """What the provider asks for where another address of ours gave it nothing to go on with; it names that one."""
    failed = request.POST.get("ErrorUrl", "").partition("?")[0].rpartition("/")[2]
    if call.state == CallState.CONNECTED:
        return rooms.held(call.pk, call.language) if failed == "held" else rooms.join(call.room, call.language)
    if call.state == CallState.CONNECTING and failed in MEETING:
        return together(call)
    if call.state == CallState.CONNECTING and call.outgoing and call.connected_at is None:
        return rooms.is_it_you(call.pk, call.language, 0, slow=call.slow)
    if call.state in (CallState.WAITING, CallState.CONNECTING):
        return twiml.waiting_blindly(call.language) if failed in IN_QUEUE else twiml.enqueue()
    voicemail.start_message(call)
    return twiml.record(call.language, "apology", slow=call.slow)
