"""TwiML for the legs that we dial, and for the conference in which they meet the person (pure).

Source: Twilio, "TwiML for Programmable Voice": Conference, Gather.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from django.conf import settings

from ivr.agent_prompts import say
from ivr.twiml import SLOWER, address, document
from ivr.twiml import say as say_to_person

KEY_S = 8
SPEAK_S = 5
HELD_PAUSE_S = 12
NOTICE_S = 4
STANDS_S = 60
REFUSES = "1"
JOIN, WAIT = "join", "wait"  # what follows what a person is told of the recording
COACHED = "whisper"


def ask_digit(leg: int, digit: str, tries: int) -> str:
    """Have the agent key a digit that they can only know by hearing it."""
    gather = _gather("agent-digit", leg, "dtmf", tries)
    gather.append(say("digit_again" if tries else "digit", digit=digit))
    return document(gather)


def ask_voice(leg: int, tries: int) -> str:
    """Have the agent say something, which must reach us."""
    gather = _gather("agent-voice", leg, "speech", tries)
    gather.append(say("voice_again" if tries else "voice"))
    return document(gather)


def ask_key(leg: int, tries: int) -> str:
    """The line is proved: any key takes the call."""
    gather = _gather("agent-key", leg, "dtmf", tries)
    gather.append(say("call"))
    return document(gather)


def not_proved() -> str:
    """Say that nobody can be connected to this line, and end."""
    return document(say("not_proved"), Element("Hangup"))


def told() -> str:
    """Say that the caller has gone, and end: the agent is free again."""
    return document(say("caller_gone"), Element("Hangup"))


def enter(room: str, prompt: str, leg: int, *, mode: str = "", coached: str = "") -> str:
    """Bring an agent, a guest or a supervisor into the conversation; their leaving does not end it."""
    attributes = {"muted": "true"} if mode == "listen" else {}
    if mode == COACHED and coached:
        attributes["coach"] = coached
    return document(say(prompt), _conference(room, address("left", leg=leg), ends=False, **attributes))


def stand(leg: int, *, told: bool) -> str:
    """Keep an agent's leg up between calls: silence, after which it asks whether it is still wanted."""
    words = [] if told else [say("stands")]
    return document(*words, Element("Pause", {"length": str(STANDS_S)}), _redirect("stand", leg))


def on_to(path: str, leg: int) -> str:
    """Have a leg ask for another document."""
    return document(_redirect(path, leg))


def _redirect(path: str, leg: int) -> Element:
    verb = Element("Redirect", {"method": "POST"})
    verb.text = address(path, leg=leg)
    return verb


def join(room: str, language: str, before: Sequence[Element] = ()) -> str:
    """Bring the person in; when they leave, the conversation is over."""
    return document(*before, say_to_person("connecting", language), _conference(room, address("left"), ends=True))


def notice(
    call: int, language: str, then: str, *, slow: bool = False, tries: int = 0, before: Sequence[Element] = ()
) -> str:
    """Tell the person that the conversation will be recorded, what for, and which key refuses."""
    gather = Element(
        "Gather",
        {
            "input": "dtmf",
            "numDigits": "1",
            "finishOnKey": "",
            "timeout": str(NOTICE_S * (SLOWER if slow else 1)),
            "action": address("notice", call=call, then=then, tries=tries),
            "actionOnEmptyResult": "true",
        },
    )
    gather.append(say_to_person("taped", language))
    return document(*before, gather)


def is_it_you(call: int, language: str, tries: int, *, slow: bool = False) -> str:
    """Whoever answers presses a key: an answering machine does not."""
    gather = Element(
        "Gather",
        {
            "input": "dtmf",
            "numDigits": "1",
            "timeout": str(KEY_S * (SLOWER if slow else 1)),
            "action": address("reached", call=call, tries=tries + 1),
            "actionOnEmptyResult": "true",
        },
    )
    gather.extend([say_to_person("called_back", language), say_to_person("press_one", language)])
    return document(gather)


def not_reached(language: str) -> str:
    """Nobody pressed a key: say who called, and end."""
    return document(say_to_person("not_reached", language), Element("Hangup"))


def held(call: int, language: str) -> str:
    """What a person on hold hears, over and over."""
    again = Element("Redirect", {"method": "POST"})
    again.text = address("held", call=call)
    return document(say_to_person("held", language), Element("Pause", {"length": str(HELD_PAUSE_S)}), again)


def _gather(path: str, leg: int, kind: str, tries: int) -> Element:
    attributes = {
        "input": kind,
        "action": address(path, leg=leg),
        "actionOnEmptyResult": "true",
        "timeout": str(KEY_S if kind == "dtmf" else SPEAK_S),
    }
    if kind == "dtmf":
        attributes["numDigits"] = "1"
    else:
        attributes |= {"speechTimeout": "auto", "language": "fr-FR"}
    return Element("Gather", attributes)


def _conference(room: str, action: str, *, ends: bool, **more: str) -> Element:
    dial = Element("Dial", {"action": action})
    attributes = {
        **({"region": settings.TWILIO_REGION} if settings.TWILIO_REGION else {}),
        "startConferenceOnEnter": "true",
        "endConferenceOnExit": "true" if ends else "false",
        "beep": "false",
        "waitUrl": "",
        **more,
    }
    SubElement(dial, "Conference", attributes).text = room
    return dial
