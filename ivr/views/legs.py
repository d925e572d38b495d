"""Legs come up, prove their lines, meet the person, and part."""

from collections.abc import Callable, Sequence
from functools import wraps
from xml.etree.ElementTree import Element

from django.http import HttpRequest, HttpResponse

from ivr import addresses, rooms, twiml
from ivr.models import Call, CallState, Leg
from ivr.reading import agents_leg
from ivr.services import ending, legs, proofs, standing, taping
from ivr.signature import provider_only
from ivr.views.answering import of_call, of_event, xml
from ivr.views.meeting import together

REACHED_TRIES = 2
OfLeg = Callable[[HttpRequest, Leg], str]


def of_leg(answer: OfLeg) -> Callable[[HttpRequest], HttpResponse]:
    """A webhook about a leg that we dialled; one that we do not know, or that nobody wants any more, is ended."""

    @of_event
    @wraps(answer)
    def handle(request: HttpRequest) -> str:
        leg = _leg(request.GET.get("leg", ""))
        wanted = leg is not None and legs.answered(leg, request.POST.get("CallSid", ""))
        return answer(request, leg) if leg and wanted else _onward(leg)

    return handle


def _leg(number: str) -> Leg | None:
    return Leg.objects.select_related("call").filter(pk=addresses.number(number)).first()


@of_leg
def agent(request: HttpRequest, leg: Leg) -> str:
    """The agent's leg is up: a key where the line was proved lately (none where it stood for this), else the proof."""
    if not proofs.is_proved(leg):
        return _ask_digit(leg)
    return _enter(leg) if leg.stands_since else rooms.ask_key(leg.pk, leg.tries)


@of_leg
def agent_digit(request: HttpRequest, leg: Leg) -> str:
    """The agent heard us, or did not."""
    if proofs.is_right(leg, request.POST.get("Digits", "")):
        return rooms.ask_voice(leg.pk, 0)
    return _not_proved(leg) if proofs.is_hopeless(leg) else _ask_digit(leg)


@of_leg
def agent_voice(request: HttpRequest, leg: Leg) -> str:
    """We heard the agent, or did not."""
    if proofs.was_heard(leg, request.POST.get("SpeechResult", "")):
        return _enter(leg)
    return _not_proved(leg) if proofs.is_hopeless(leg) else rooms.ask_voice(leg.pk, leg.tries)


@of_leg
def agent_key(request: HttpRequest, leg: Leg) -> str:
    """The agent takes the call, or does nothing: then it is another's."""
    if not proofs.is_proved(leg):
        return _ask_digit(leg)
    if request.POST.get("Digits", ""):
        return _enter(leg)
    proofs.miss(leg)
    if not proofs.is_hopeless(leg):
        return rooms.ask_key(leg.pk, leg.tries)
    legs.leg_gone(leg, why="not_taken")
    return twiml.hang_up()


@of_leg
def guest(request: HttpRequest, leg: Leg) -> str:
    """A third party or a supervisor is up: they come in as they are."""
    call = legs.joined(leg)
    if call is None:
        return twiml.hang_up()
    talking = agents_leg(call)
    taped = leg.kind == Leg.Kind.THIRD_PARTY and taping.is_taped(call)
    words = "third_party_taped" if taped else leg.kind
    return rooms.enter(call.room, words, leg.pk, mode=leg.mode, coached=talking.sid if talking else "")


@of_event
def stand(request: HttpRequest) -> str:
    """A leg that stays up between calls asks whether it is still wanted."""
    leg = _leg(request.GET.get("leg", ""))
    if leg is None or not standing.stays(leg):
        return _onward(leg)
    return rooms.stand(leg.pk, told=standing.is_told(leg))


@provider_only
def told(request: HttpRequest) -> HttpResponse:
    """The person has gone while the agent was proving the line."""
    return xml(rooms.told())


@of_call
def join(request: HttpRequest, call: Call) -> str:
    """The person comes into the conversation."""
    return meet(call)


@of_call
def reached(request: HttpRequest, call: Call) -> str:
    """Whom we called answers; a machine presses no key, and is not reached.

    Who needs more time may not be able to press one: they are not hung up on, and the agent hears who it is.
    """
    tries = request.GET.get("tries", "")
    if not legs.is_theirs(call, request.POST.get("CallSid", "")[:64]):
        return twiml.hang_up()
    if request.POST.get("Digits", ""):
        return meet(call)
    asked = int(tries) if tries.isdecimal() and len(tries) < 3 else 0
    if asked >= REACHED_TRIES:
        return meet(call) if call.slow else rooms.not_reached(call.language)
    return rooms.is_it_you(call.pk, call.language, asked, slow=call.slow)


@of_call
def held(request: HttpRequest, call: Call) -> str:
    """What the person hears on hold."""
    return rooms.held(call.pk, call.language)


@of_event
def left(request: HttpRequest) -> str:
    """A leg came out of the conference. One that is still up did not leave it: it ended, since the person left.

    Told by their own legs alone, the person's end might come after the agent's, who would seem to have been lost.
    """
    leg = _leg(request.GET.get("leg", ""))
    if leg and leg.call and leg.ended_at is None and request.POST.get("CallStatus") == "in-progress":
        ending.conversation_over(leg.call)
    return _onward(leg)


def _onward(leg: Leg | None) -> str:
    """Nobody needs this leg here any more: it stands for the next call, or ends."""
    stands = standing.follower(leg) if leg else None
    return rooms.on_to(standing.STAND, stands.pk) if stands else twiml.hang_up()


def meet(call: Call, before: Sequence[Element] = ()) -> str:
    """Together with the agent, once they heard that it will be recorded, where it will be."""
    if call.state == CallState.CONNECTING and taping.is_due(call):
        return rooms.notice(call.pk, call.language, rooms.JOIN, slow=call.slow)
    said = together(call, before)
    taping.begin(call)
    return said


def _ask_digit(leg: Leg) -> str:
    return rooms.ask_digit(leg.pk, proofs.ask(leg), leg.tries)


def _not_proved(leg: Leg) -> str:
    legs.unproved(leg)
    return rooms.not_proved()


def _enter(leg: Leg) -> str:
    call = legs.joined(leg)
    if call is None:
        return _onward(leg)
    waits = call.state == CallState.CONNECTING and taping.is_due(call)
    return rooms.enter(call.room, "connected_soon" if waits else "connected", leg.pk)
