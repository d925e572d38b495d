"""A parked caller: what they hear, the keys they press, and how they leave."""

from django.http import HttpRequest

from ivr import menu, twiml
from ivr.models import Call
from ivr.services import calls, ending, line
from ivr.views.answering import of_call
from ivr.views.menu import end_of_menu


@of_call
def waiting(request: HttpRequest, call: Call) -> str:
    """What a parked caller hears."""
    return twiml.waiting(call.language, line.tell(call), slow=call.slow)


@of_call
def wait_key(request: HttpRequest, call: Call) -> str:
    """A key while waiting: 2 a callback, 3 a message, 5 another matter; any other goes on waiting."""
    key = request.POST.get("Digits", "")[:1]
    choice = {"2": menu.CALLBACK, "3": menu.MESSAGE}.get(key)
    if key == "5":
        calls.something_else(call)
    if choice is None:
        return twiml.back_to_waiting()
    Call.objects.filter(pk=call.pk).update(choice=choice)
    return twiml.leave()


@of_call
def queued(request: HttpRequest, call: Call) -> str:
    """The caller left the parking place: by their own key, by hanging up, or because we moved them."""
    result = request.POST.get("QueueResult", "")
    if result == "hangup":
        ending.end(call)
        return twiml.nothing()
    if result == "leave" and call.choice:
        return end_of_menu(call, call.choice, call.language)
    if result in ("error", "system-error", "queue-full"):
        return end_of_menu(call, menu.CALLBACK, call.language)
    return twiml.nothing()


@of_call
def park(request: HttpRequest, call: Call) -> str:
    """The agent was lost: the caller waits again at the original place."""
    return twiml.enqueue("waiting")
