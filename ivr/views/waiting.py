"""A parked caller: what they hear, the keys they press, and how they leave."""

from django.http import HttpRequest
from django.utils import timezone

from ivr import menu, twiml
from ivr.estimate import Standing
from ivr.models import Call, CallState
from ivr.services import announcements, calls, doors, ending, line, taping
from ivr.services import waiting as place
from ivr.views import telling
from ivr.views.answering import of_call
from ivr.views.menu import end_of_menu

CLOSING, KNOWN = "closing", "known"
CHOICES = {"2": menu.CALLBACK, "3": menu.MESSAGE}


@of_call
def waiting(request: HttpRequest, call: Call) -> str:
    """What a parked caller hears; who still waits some time after closing is promised a callback at their place."""
    here = doors.of(call.line)
    if call.state == CallState.ENDED:  # over for us, and still on the line: never left in the music
        return twiml.leave()
    if call.state == CallState.WAITING and here.lets_go(timezone.now()):
        return _leave(call, CLOSING)
    standing = line.tell(call)
    if standing is None:
        place.wait(call)
    return twiml.waiting(call.language, standing or Standing(), telling.announcement(call, here), slow=call.slow)


@of_call
def wait_key(request: HttpRequest, call: Call) -> str:
    """A key while waiting: 2 a callback, 3 a message, 4 who one is, 5 another matter, 9 what is announced."""
    key = request.POST.get("Digits", "")[:1]
    here = doors.of(call.line)
    if key in CHOICES:
        return _leave(call, CHOICES[key])
    if key == "4":
        return twiml.ask(menu.IDENTIFY, call.language, offer=here.offer, slow=call.slow, path="identify")
    if key == "5":
        calls.something_else(call)
    if key == "9" and announcements.concerns(call, here):
        return twiml.back_to_waiting([twiml.say("announcement_linked", call.language)])
    return twiml.back_to_waiting()


def _leave(call: Call, choice: str) -> str:
    Call.objects.filter(pk=call.pk).update(choice=choice)
    return twiml.leave()


@of_call
def queued(request: HttpRequest, call: Call) -> str:
    """The caller left the parking place: by their own key, by hanging up, or because we moved them."""
    result = request.POST.get("QueueResult", "")
    if result == "hangup":
        ending.end(call)
        return twiml.nothing()
    if result == "leave" and call.choice == KNOWN and call.number:
        return twiml.known_number_promised(call.language)
    if result == "leave":
        chosen = {CLOSING: menu.CALLBACK, KNOWN: menu.MESSAGE}.get(call.choice, call.choice or menu.CALLBACK)
        return end_of_menu(call, chosen, call.language, first=CLOSING if call.choice == CLOSING else "")
    if result in ("error", "system-error", "queue-full"):
        return end_of_menu(call, menu.CALLBACK, call.language)
    return twiml.nothing()


@of_call
def park(request: HttpRequest, call: Call) -> str:
    """The agent was lost: the caller waits again at the original place."""
    taping.left(call)
    return twiml.enqueue()
