"""From our steps to TwiML (pure). Control characters never reach it, and no document is over 60 kB.

Source: Twilio, "TwiML for Programmable Voice".
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, tostring

from ivr import menu
from ivr.estimate import Standing
from ivr.prompts import FIRST, Spoken, dates, spoken, waits
from ivr.recorded import clips

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LARGEST = 60_000  # bytes; the provider refuses 64 kB
SPOKEN = 3_000  # characters of one Say
KEY_TIMEOUT_S = 6
SILENCE_S = 6
WAIT_KEY_S = 15
MESSAGE_S = 180
PARKED = "waiting"  # the provider's queue in which all callers wait; who is next is ours to say
LARGEST_QUEUE = 5000  # callers; the most that the provider allows
SLOWER = 3  # times as much time for whoever needs it, or for a relay that has to write it down


def document(*verbs: Element) -> str:
    """A TwiML document of these verbs."""
    response = Element("Response")
    response.extend(verbs)
    written: str = tostring(response, encoding="unicode")
    if len(written.encode()) > LARGEST:
        raise ValueError("this TwiML document is too large")
    return '<?xml version="1.0" encoding="UTF-8"?>' + written


def say(prompt: str, language: str, **facts: object) -> Element:
    """A prompt as recorded or spoken in the caller's language, or in French where it has neither there."""
    return uttered(spoken(prompt, language, clips(), **facts))


def spoken_alone(prompt: str, language: str) -> Element:
    """A prompt by its voice, whatever is recorded: its audio is ours to serve, and we may not be there."""
    return uttered(spoken(prompt, language, {}))


def uttered(told: Spoken) -> Element:
    """One thing to be heard."""
    if told.clip:
        verb = Element("Play")
        verb.text = told.clip
        return verb
    tag, voice = told.voice
    verb = Element("Say", {"language": tag, "voice": voice})
    verb.text = _CONTROL.sub("", told.words)[:SPOKEN]
    return verb


def address(path: str, **state: object) -> str:
    """One of our webhooks with its state; it is this whole address that is signed."""
    return f"/ivr/{path}" + (f"?{urlencode(state)}" if state else "")


def ask(
    node: str,
    language: str,
    tries: int = 0,
    *,
    offer: menu.Offer,
    slow: bool = False,
    before: Sequence[Element] = (),
    path: str = "menu",
    kept: dict[str, str] | None = None,
) -> str:
    """Ask a node's question, after what is to be heard `before`; no key at all is an answer too.

    What is `kept` travels in the address, which the provider signs, to the answer. A number ends with `#`, which alone
    comes as no digits, as silence does: silence goes on to an address of its own.
    """
    here = menu.NODES[node]
    state = {"node": node, "tries": tries, **(kept or {})}
    gather = Element(
        "Gather",
        {
            "input": "dtmf",
            **({"finishOnKey": "#"} if here.then else {"numDigits": "1", "finishOnKey": ""}),
            "timeout": str(KEY_TIMEOUT_S * (SLOWER if slow else 1)),
            "action": address(path, **state),
            "actionOnEmptyResult": "false" if here.hash_is_slower else "true",
        },
    )
    if tries:
        gather.append(say("not_understood", language))
    gather.extend(before)
    gather.extend(_question(node, language, offer))
    if not here.hash_is_slower:
        return document(gather)
    silence = Element("Redirect")
    silence.text = address(path, **state, silent="yes")
    return document(gather, silence)


def _question(node: str, language: str, offer: menu.Offer) -> list[Element]:
    """A node's question; of the languages, each in its own."""
    prompt, languages = menu.NODES[node].prompt, offer.at(node)
    if node not in (menu.FIRST, menu.MORE):
        return [say(prompt, language)]
    asked = [say("language", code, key=key) for key, code in languages.items()]
    closing = "others" if node == menu.FIRST else prompt
    return [*asked, *(say(closing, code) for code in (FIRST, "en"))]


def enqueue(before: Sequence[Element] = ()) -> str:
    """Park the caller; our own queue decides who is next."""
    verb = Element("Enqueue", {"action": address("queued"), "waitUrl": address("wait"), "waitUrlMethod": "POST"})
    verb.text = PARKED
    return document(*before, verb)


def waiting(language: str, standing: Standing, before: Sequence[Element] = (), *, slow: bool = False) -> str:
    """What a parked caller hears, over and over: where they stand, and what they may choose instead."""
    timeout = str(WAIT_KEY_S * (SLOWER if slow else 1))
    keys = {"numDigits": "1", "finishOnKey": ""}  # else `#` would come as no key at all
    gather = Element("Gather", {"input": "dtmf", **keys, "timeout": timeout, "action": address("wait-key")})
    later = "offer_hour" if standing.slot and standing.wait else "offer_callback"
    gather.extend(before)
    gather.extend(_where(language, standing))
    first = "nobody_there" if standing.nobody else "wait"
    told = (first, later, "offer_message", "offer_identify", "offer_places")
    gather.extend(say(prompt, language) for prompt in told)
    if standing.credited:
        gather.append(say("again", language))
    if standing.earlier:
        gather.append(say("other_matter", language))
    pause = Element("Pause", {"length": "10"})
    return document(gather, pause)


def _where(language: str, standing: Standing) -> Iterator[Element]:
    if standing.place == 1:
        yield say("place_next", language)
    elif standing.place:
        yield say("ahead", language, count=standing.place - 1)
    if standing.worse:
        yield say("wait_worse", language)
    if standing.wait:
        prompt, numbers = waits.told(standing.wait)
        yield say(prompt, language, **numbers)


def waiting_blindly(language: str) -> str:
    """What a parked caller hears while we can look nothing up: they keep their place, and may leave a message."""
    gather = Element("Gather", {"input": "dtmf", "numDigits": "1", "timeout": "15", "action": address("wait-key")})
    gather.append(say("outage_wait", language))
    return document(gather, Element("Pause", {"length": "10"}))


def thanks_blindly(language: str) -> str:
    """Say that the message is kept, though we cannot say its reference yet, and end."""
    return document(say("outage_thanks", language), Element("Hangup"))


def leave() -> str:
    """Take the caller out of the parking place; its action says what comes next."""
    return document(Element("Leave"))


def back_to_waiting(before: Sequence[Element] = ()) -> str:
    """Go on waiting."""
    verb = Element("Redirect", {"method": "POST"})
    verb.text = address("wait")
    return document(*before, verb)


def said(words: str, language: str) -> Element:
    """What somebody of ours wrote, by a voice of that language."""
    return uttered(Spoken(language=language, words=words))


def callback(language: str, reference: str, *, later: bool = False) -> list[Element]:
    """That we call back, now or once we are open, with the reference."""
    return [say("callback_later" if later else "callback", language), *spell(reference, language)]


def callback_at(language: str, reference: str, at: datetime, zone: str) -> list[Element]:
    """The day and the hour from which we call back, with the reference."""
    dated = language if spoken("callback_hour", language, {}, day="", time="").language == language else FIRST
    start = dates.clock(at.astimezone(dates.zone(zone)).time(), dated)
    told = say("callback_hour", language, day=dates.day(at, zone, dated), time=start)
    return [told, *spell(reference, language)]


def farewell(language: str, told: Sequence[Element] = ()) -> str:
    """Say goodbye after what is told, and end."""
    return document(*told, say("goodbye", language), Element("Hangup"))


def record(
    language: str,
    first: str = "message",
    *,
    slow: bool = False,
    silences: int = 0,
    before: Sequence[Element] = (),
    promised: bool = False,
) -> str:
    """Take a message; a caller who says nothing is asked again by what follows. `promised`: they are called back.

    Key 0 leads to a person from here too.
    """
    times = SLOWER if slow else 1
    kept = {"promised": "yes"} if promised else {}
    verb = Element(
        "Record",
        {
            "action": address("recorded", **kept),
            "maxLength": str(MESSAGE_S * times),
            "timeout": str(SILENCE_S * times),
            "finishOnKey": f"#{menu.HUMAN}",
            "playBeep": "true",
            "recordingStatusCallback": address("recording"),
            "recordingStatusCallbackEvent": "completed absent",
        },
    )
    again = Element("Redirect", {"method": "POST"})
    again.text = address("recorded", silent=silences + 1, **kept)
    return document(*before, say(first, language), verb, again)


def known_number_promised(language: str) -> str:
    """Say that we call the number we know, if there is one, and end; nothing tells whether there is.

    No reference either: whose it were would tell it.
    """
    return document(say("known_callback", language), Element("Hangup"))


def thanks(language: str, reference: str) -> str:
    """Say that the message is registered, with the reference, and end."""
    return farewell(language, [say("thanks", language), *spell(reference, language)])


def nothing() -> str:
    """An answer for a caller who is gone."""
    return document()


def hang_up() -> str:
    """End the call."""
    return document(Element("Hangup"))


def spell(reference: str, language: str) -> list[Element]:
    """A reference, digit by digit: recorded digits where all of it is recorded, else by a voice. "" is not spoken."""
    if not reference:
        return []
    known = clips()
    digits = [known.get((f"digit-{digit}", language), "") for digit in reference]
    lead = spoken("reference", language, known)
    if lead.clip and all(digits):
        return [uttered(lead), *(uttered(Spoken(language=language, words="", clip=clip)) for clip in digits)]
    voiced = spoken("reference", language, {})
    return [uttered(Spoken(language=voiced.language, words=f"{voiced.words} {', '.join(reference)}."))]
