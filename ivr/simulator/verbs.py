"""Which verb is done by whom."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ivr.simulator import asking, dialling, parking, speaking
from ivr.simulator.documents import Asked

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

VERBS: "dict[str, Callable[[SimulatedCall, Element], Asked | None]]" = {
    "Say": speaking.say,
    "Play": speaking.play,
    "Pause": speaking.pause,
    "Redirect": speaking.redirect,
    "Hangup": speaking.hang_up,
    "Reject": speaking.reject,
    "Start": speaking.start,
    "Stop": speaking.stop,
    "Gather": asking.gather,
    "Record": asking.record,
    "Enqueue": parking.enqueue,
    "Leave": parking.leave,
    "Dial": dialling.dial,
}
