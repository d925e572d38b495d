"""The verbs that ask: for keys, for words, for a message."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ivr.simulator import speaking
from ivr.simulator.documents import Asked
from ivr.simulator.events import Event
from ivr.simulator.interruptions import HungUp
from ivr.simulator.recordings import Recording

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

MOST_KEYS = 100_000
SPOKEN_IN = {"Say": speaking.say, "Play": speaking.play, "Pause": speaking.pause}


def gather(leg: "SimulatedCall", verb: Element) -> Asked | None:
    """Keys or speech after its prompts; nothing at all goes on with the next verb, unless that was asked for."""
    wanted = verb.get("input", "dtmf").split()
    _hear_prompts(leg, verb)
    params = {}
    if "dtmf" in wanted:
        digits, finished = _keys(leg, verb, speaks="speech" in wanted and bool(leg.speech()))
        if digits or finished:
            params = {"Digits": digits, "FinishedOnKey": verb.get("finishOnKey", "#") if finished else ""}
    if not params and "speech" in wanted and leg.speech():
        leg.pause(len(leg.speech()) / speaking.CHARACTERS_A_SECOND)
        params = {"SpeechResult": leg.speech(), "Confidence": "0.9", "Language": verb.get("language", "en-US")}
    if not params and verb.get("actionOnEmptyResult", "false").lower() != "true":
        return None
    return Asked(verb.get("action", ""), verb.get("method", "POST"), params or {"Digits": ""})


def _hear_prompts(leg: "SimulatedCall", verb: Element) -> None:
    """Keys pressed during the prompts stop them."""
    for inner in verb:
        if inner.tag not in SPOKEN_IN:
            continue
        if leg.patient and leg.keys:
            break
        if leg.patient and inner.tag == "Say":  # somebody who listens, and presses when they like
            words = inner.text or ""
            leg.hear(words, inner.get("language", ""))
            leg.watch(lambda: bool(leg.keys), leg.clock.now() + len(words) / speaking.CHARACTERS_A_SECOND)
        elif leg.keys and inner.tag == "Say":
            leg.hear(inner.text or "", inner.get("language", ""))
        else:
            SPOKEN_IN[inner.tag](leg, inner)
    if leg.reply and not leg.keys:
        leg.press(leg.reply(leg))


def _keys(leg: "SimulatedCall", verb: Element, *, speaks: bool) -> tuple[str, bool]:
    timeout = 0.0 if speaks and not leg.keys else _seconds(verb.get("timeout"), 5.0)
    return leg.pressed(int(verb.get("numDigits", MOST_KEYS)), verb.get("finishOnKey", "#"), timeout)


def record(leg: "SimulatedCall", verb: Element) -> Asked | None:
    """A message: silence goes on with the next verb; who hangs up while speaking has left one all the same.

    Source of what is told beside it: Twilio, "TwiML Voice: Record", with its recording status callback.
    """
    leg.set("recording")
    said, finish = leg.speech(), verb.get("finishOnKey", "1234567890*#")
    if not said:
        leg.watch(lambda: _finishes(leg, finish), leg.clock.now() + _seconds(verb.get("timeout"), 5.0))
        if _finishes(leg, finish):
            return Asked(verb.get("action", ""), verb.get("method", "POST"), {"Digits": leg.keys.popleft() or ""})
        _tell(leg, verb, {"RecordingStatus": "absent"}, "absent")
        return None
    seconds = min(len(said) / speaking.CHARACTERS_A_SECOND, _seconds(verb.get("maxLength"), 3600.0))
    leg.pause(seconds)
    kept = leg.network.keep(Recording(leg.sid, said, max(1, round(seconds))))
    account = f"{leg.network.address}/2010-04-01/Accounts/{leg.network.webhooks.account}"
    facts = {
        "RecordingSid": kept.sid,
        "RecordingUrl": f"{account}/Recordings/{kept.sid}",
        "RecordingDuration": str(kept.seconds),
    }
    _tell(leg, verb, {**facts, "RecordingStatus": "completed", "RecordingChannels": "1"}, "completed")
    return _after(leg, verb, facts, leg.keys.popleft() or "" if _finishes(leg, finish) else "#")


def _finishes(leg: "SimulatedCall", finish: str) -> bool:
    """Whether the next key that is pressed ends a recording; others do nothing to it."""
    return bool(leg.keys) and (leg.keys[0] or " ") in finish


def _after(leg: "SimulatedCall", verb: Element, facts: dict[str, str], key: str) -> Asked:
    if leg.hangs_up_speaking:  # the action is asked for all the same, and what it answers is read by nobody
        leg.status = "completed"
        told = leg.params({**facts, "Digits": "hangup"})
        leg.network.events.later(Event(verb.get("action", ""), told))
        raise HungUp
    return Asked(verb.get("action", ""), verb.get("method", "POST"), {**facts, "Digits": key})


def _tell(leg: "SimulatedCall", verb: Element, facts: dict[str, str], event: str) -> None:
    address = verb.get("recordingStatusCallback")
    if address and event in verb.get("recordingStatusCallbackEvent", "completed").split():
        leg.network.events.later(Event(address, {"CallSid": leg.sid, "RecordingSource": "RecordVerb", **facts}))


def _seconds(text: str | None, usual: float) -> float:
    return usual if text in (None, "", "auto") else float(text)
