"""A parked caller: what they hear, the keys they press, and how they leave."""

from xml.etree.ElementTree import Element

from django.http import HttpRequest
from django.utils import timezone

from ivr import menu, twiml
from ivr.estimate import Standing
from ivr.models import Call, CallState
from ivr.services import announcements, calls, doors, ending, line, outgoing, taping, unhurried
from ivr.services import waiting as place
from ivr.views import telling
from ivr.views.answering import kept_at, of_call
from ivr.views.menu import end_of_menu

CLOSING, KNOWN = "closing", "known"


@of_call
def waiting(request: HttpRequest, call: Call) -> str:
    """What a parked caller hears; who still waits some time after closing is promised a callback at their place."""
    here = doors.of(call.line)
    if call.state == CallState.ENDED:  # over for us, and still on the line: never left in the music
        return twiml.leave()
    if call.state == CallState.WAITING and here.lets_go(timezone.now()):
        return _leave(call, CLOSING)
    standing = line.tell(call)
    if standing is None and call.outgoing:  # what we had called about is done: they may say what they have to
        return _leave(call, menu.MESSAGE)
    if standing is None or call.state == CallState.MENU:  # parked while we could write nothing down
        place.wait(call, at=kept_at(request))
    return twiml.waiting(call.language, standing or Standing(), telling.announcement(call, here), slow=call.slow)


@of_call
def wait_key(request: HttpRequest, call: Call) -> str:
    """A key while waiting: something else instead of it, or something told, which costs nobody their place."""
    here = doors.of(call.line)
    step = menu.answer(menu.QUEUE, request.POST.get("Digits", "")[:1], 0, here.offer)
    unhurried.learn(call, asked=step.slower)
    if step.to in (menu.CALLBACK, menu.MESSAGE):
        return _leave(call, step.to)
    if step.to == menu.IDENTIFY:
        return twiml.ask(menu.IDENTIFY, call.language, offer=here.offer, slow=call.slow, path="identify")
    if step.to == menu.OTHER:
        calls.something_else(call)
    return twiml.back_to_waiting(_told(call, here, step))


def _told(call: Call, here: doors.Known, step: menu.Step) -> list[Element]:
    """What is heard of a key that leads back to the queue."""
    if step.slower:
        return [twiml.say("slow", call.language)]
    if step.to == menu.WHERE:
        return telling.places(call.language, here)
    if step.to == menu.ANNOUNCEMENT and announcements.concerns(call, here):
        return [twiml.say("announcement_linked", call.language)]
    return []


def _leave(call: Call, choice: str) -> str:
    Call.objects.filter(pk=call.pk).update(choice=choice)
    return twiml.leave()


@of_call
def queued(request: HttpRequest, call: Call) -> str:
    """The caller left the parking place: by their own key, by hanging up, or because we moved them."""
    result = request.POST.get("QueueResult", "")
    if result == "hangup":
        ending.end(call, at=kept_at(request))
        return twiml.nothing()
    if result == "leave" and call.choice == KNOWN and outgoing.may_call(call.number):
        return twiml.known_number_promised(call.language)
    if result == "leave":
        chosen = {CLOSING: menu.CALLBACK, KNOWN: menu.MESSAGE}.get(call.choice, call.choice or menu.CALLBACK)
        closing = call.choice == CLOSING
        return end_of_menu(call, chosen, call.language, first=CLOSING if closing else "", unasked=closing)
    if result in ("error", "system-error", "queue-full"):
        return end_of_menu(call, menu.CALLBACK, call.language, unasked=True)
    return twiml.nothing()


@of_call
def park(request: HttpRequest, call: Call) -> str:
    """The agent was lost: the caller waits again at the original place."""
    taping.left(call)
    return twiml.enqueue()
