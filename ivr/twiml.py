"""From our steps to TwiML (pure). Control characters never reach it, and no document is over 60 kB.

Source: Twilio, "TwiML for Programmable Voice".
"""

import re
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from ivr import menu
from ivr.estimate import Standing
from ivr.prompts import VOICES, text

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LARGEST = 60_000  # bytes; the provider refuses 64 kB
SPOKEN = 3_000  # characters of one Say
KEY_TIMEOUT_S = 6
MESSAGE_S = 180


def document(*verbs: Element) -> str:
    """A TwiML document of these verbs."""
    response = Element("Response")
    response.extend(verbs)
    written: str = tostring(response, encoding="unicode")
    if len(written.encode()) > LARGEST:
        raise ValueError("this TwiML document is too large")
    return '<?xml version="1.0" encoding="UTF-8"?>' + written


def say(prompt: str, language: str, **facts: str) -> Element:
    """Speak a prompt in the caller's language, or in French where it has no words there."""
    words, spoken = text(prompt, language, **facts)
    tag, voice = VOICES[spoken]
    verb = Element("Say", {"language": tag, "voice": voice})
    verb.text = _CONTROL.sub("", words)[:SPOKEN]
    return verb


def address(path: str, **state: object) -> str:
    """One of our webhooks with its state; it is this whole address that is signed."""
    return f"/ivr/{path}" + (f"?{urlencode(state)}" if state else "")


def ask(node: str, language: str, tries: int = 0) -> str:
    """Ask a node's question; no key at all is an answer too."""
    action = address("menu", node=node, tries=tries)
    gather = Element(
        "Gather",
        {
            "input": "dtmf",
            "numDigits": "1",
            "timeout": str(KEY_TIMEOUT_S),
            "action": action,
            "actionOnEmptyResult": "true",
        },
    )
    if tries:
        gather.append(say("not_understood", language))
    prompt = menu.NODES[node].prompt
    gather.extend([say(prompt, one) for one in VOICES] if node == menu.FIRST else [say(prompt, language)])
    return document(gather)


def enqueue(name: str) -> str:
    """Park the caller; our own queue decides who is next."""
    verb = Element("Enqueue", {"action": address("queued"), "waitUrl": address("wait"), "waitUrlMethod": "POST"})
    verb.text = name
    return document(verb)


def waiting(language: str, standing: Standing) -> str:
    """What a parked caller hears, over and over: where they stand, and what they may choose instead."""
    gather = Element("Gather", {"input": "dtmf", "numDigits": "1", "timeout": "15", "action": address("wait-key")})
    gather.extend(_where(language, standing))
    gather.append(say("wait", language))
    if standing.credited:
        gather.append(say("again", language))
    pause = Element("Pause", {"length": "10"})
    return document(gather, pause)


def _where(language: str, standing: Standing) -> Iterator[Element]:
    if standing.place == 1:
        yield say("place_next", language)
    elif standing.place:
        yield say("place", language, number=str(standing.place))
    if standing.worse:
        yield say("wait_worse", language)
    wait = standing.wait
    if wait is None:
        return
    if wait.high is None:
        yield say("wait_over", language, low=str(wait.low))
    elif wait.low == 0:
        yield say("wait_under", language, high=str(wait.high))
    else:
        yield say("wait_between", language, low=str(wait.low), high=str(wait.high))


def leave() -> str:
    """Take the caller out of the parking place; its action says what comes next."""
    return document(Element("Leave"))


def back_to_waiting() -> str:
    """Go on waiting."""
    verb = Element("Redirect", {"method": "POST"})
    verb.text = address("wait")
    return document(verb)


def callback_promised(language: str, reference: str) -> str:
    """Say that we call back, with the reference, and end."""
    return document(say("callback", language), _spell(reference, language), Element("Hangup"))


def record(language: str, first: str = "message") -> str:
    """Take a message; after silence the caller is asked once more by the fallthrough."""
    verb = Element(
        "Record",
        {
            "action": address("recorded"),
            "maxLength": str(MESSAGE_S),
            "timeout": "6",
            "finishOnKey": "#",
            "playBeep": "true",
            "recordingStatusCallback": address("recording"),
            "recordingStatusCallbackEvent": "completed absent",
        },
    )
    again = Element("Redirect", {"method": "POST"})
    again.text = address("recorded", silent=1)
    return document(say(first, language), verb, again)


def thanks(language: str, reference: str) -> str:
    """Say that the message is registered, with the reference, and end."""
    return document(say("thanks", language), _spell(reference, language), Element("Hangup"))


def join(name: str, language: str, prompt: str, *, ends: bool) -> str:
    """Bring a leg into the conference; `ends` where its leaving ends the conversation."""
    dial = Element("Dial", {"action": address("left")})
    room = SubElement(
        dial,
        "Conference",
        {"startConferenceOnEnter": "true", "endConferenceOnExit": "true" if ends else "false", "beep": "false"},
    )
    room.text = name
    return document(say(prompt, language), dial)


def nothing() -> str:
    """An answer for a caller who is gone."""
    return document()


def hang_up() -> str:
    """End the call."""
    return document(Element("Hangup"))


def _spell(reference: str, language: str) -> Element:
    return say("reference", language, digits=" ".join(reference))
