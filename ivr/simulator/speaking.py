"""The verbs that say something, and those that lead away."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ivr.simulator.documents import Asked
from ivr.simulator.interruptions import HungUp

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

CHARACTERS_A_SECOND = 15
PLAYED_S = 5.0


def say(leg: "SimulatedCall", verb: Element) -> None:
    """Words, as long as it takes to speak them."""
    words = verb.text or ""
    for _ in range(_times(verb)):
        leg.hear(words, verb.get("language", ""), seconds=len(words) / CHARACTERS_A_SECOND)


def play(leg: "SimulatedCall", verb: Element) -> None:
    """A sound file, which is not fetched."""
    for _ in range(_times(verb)):
        leg.hear(f"[{(verb.text or verb.get('digits') or '').strip()}]", seconds=PLAYED_S)


def pause(leg: "SimulatedCall", verb: Element) -> None:
    """Silence."""
    leg.pause(float(verb.get("length", "1")))


def redirect(leg: "SimulatedCall", verb: Element) -> Asked:
    """Another document; the verbs after it are never done."""
    return Asked((verb.text or "").strip(), verb.get("method", "POST"))


def hang_up(leg: "SimulatedCall", verb: Element) -> None:
    """The end."""
    raise HungUp


def reject(leg: "SimulatedCall", verb: Element) -> None:
    """The call is refused before it is taken; later it is only ended."""
    if leg.status == "ringing":
        leg.hang_up("busy" if verb.get("reason") == "busy" else "no-answer")
    raise HungUp


def start(leg: "SimulatedCall", verb: Element) -> None:
    """A recording of the call begins."""
    for recording in verb.findall("Recording"):
        leg.network.tapes.begin(leg, recording.get("recordingStatusCallback", ""))


def stop(leg: "SimulatedCall", verb: Element) -> None:
    """The recording of the call ends."""
    leg.network.tapes.end(leg)


def _times(verb: Element) -> int:
    times = int(verb.get("loop", "1"))
    return times if 1 <= times <= 10 else 10  # 0 is for ever, which is long enough with ten
