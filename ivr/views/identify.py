"""Who is calling, asked while they wait and never before; whatever they key, they keep their place."""

from django.http import HttpRequest

from ivr import menu, twiml
from ivr.models import Call
from ivr.services import doors, identity, keypad, unhurried
from ivr.services.doors import Known
from ivr.views.answering import of_call
from ivr.views.menu import keyed, tries
from ivr.views.waiting import KNOWN


@of_call
def identify(request: HttpRequest, call: Call) -> str:
    """An answer to who they are."""
    here, node = doors.of(call.line), request.GET.get("node", "")
    asked = node if node in menu.WHO else menu.IDENTIFY
    step = menu.answer(asked, keyed(request), tries(request), here.offer)
    unhurried.learn(call, asked=step.slower)
    reference = request.GET.get("reference", "")
    if step.to == menu.PROVED:
        return _proved(call, reference, step.number, here)
    if step.to == menu.KNOWN_NUMBER:
        return _known_number(call, step.number, here)
    if asked == "birth" and step.number and not identity.born_on(call, step.number):
        return _ask(call, here, menu.Step(to="birth", tries=tries(request) + 1), "")
    if step.to == menu.NOTED:
        if step.number:
            identity.numbered(call, step.number)
        return twiml.back_to_waiting([twiml.say("noted", call.language)])
    if step.to not in menu.WHO:
        return twiml.back_to_waiting()
    return _ask(call, here, step, step.number or reference)


def _ask(call: Call, here: Known, step: menu.Step, reference: str) -> str:
    if step.tries >= menu.MOST_TRIES:
        return twiml.back_to_waiting()
    kept = {"reference": reference} if step.to == "own_code" and reference else {}
    before = [twiml.say("slow", call.language)] if step.slower else []
    return twiml.ask(
        step.to,
        call.language,
        step.tries,
        offer=here.offer,
        slow=call.slow,
        before=before,
        path="identify",
        kept=kept,
    )


def _proved(call: Call, reference: str, code: str, here: Known) -> str:
    """Their request's number and code: nothing is told of it here, but the agent sees who is calling."""
    try:
        ticket = keypad.proved(reference, code, call.number, here.office)
    except keypad.TooManyError:
        return twiml.back_to_waiting([twiml.say("keypad_closed", call.language)])
    if ticket is None:
        return twiml.back_to_waiting([twiml.say("wrong_code", call.language)])
    identity.proved(call, ticket)
    return twiml.back_to_waiting([twiml.say("identified", call.language)])


def _known_number(call: Call, reference: str, here: Known) -> str:
    if keypad.is_closed(reference, call.number, here.office):
        return twiml.back_to_waiting([twiml.say("keypad_closed", call.language)])
    identity.call_known_number(call, reference)
    Call.objects.filter(pk=call.pk).update(choice=KNOWN)
    return twiml.leave()
