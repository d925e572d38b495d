"""The call flow: the first ring, and each answer in the menu."""

from django.http import HttpRequest

from ivr import menu, twiml
from ivr.models import Call
from ivr.services import calls, voicemail
from ivr.services import waiting as place
from ivr.views.answering import of_call


@of_call
def voice(request: HttpRequest, call: Call) -> str:
    """The telephone rings: the ticket exists from this second on."""
    return twiml.ask(menu.FIRST, call.language)


@of_call
def fallback(request: HttpRequest, call: Call) -> str:
    """We failed a moment ago: an apology, and a message."""
    voicemail.start_message(call)
    return twiml.record(call.language, "apology")


@of_call
def choose(request: HttpRequest, call: Call) -> str:
    """An answer in the menu, or none."""
    tries = request.GET.get("tries", "")
    step = menu.answer(
        request.GET.get("node", ""), request.POST.get("Digits", ""), int(tries) if tries.isdigit() else 0
    )
    calls.learn(call, language=step.language, procedure=step.procedure)
    language = step.language or call.language
    if step.to not in menu.ENDS:
        return twiml.ask(step.to, language, step.tries)
    return end_of_menu(call, step.to, language)


def end_of_menu(call: Call, to: str, language: str) -> str:
    """Where the caller chose to go: the queue, a promised callback, or the recorder."""
    if to == menu.WAIT:
        place.wait(call)
        return twiml.enqueue("waiting")
    if to == menu.CALLBACK and place.promise_callback(call):
        return twiml.callback_promised(language, call.ticket.reference)
    voicemail.start_message(call)
    return twiml.record(language, "no_number" if to == menu.CALLBACK else "message")
