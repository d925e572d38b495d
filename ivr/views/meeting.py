"""Person and agent come together, or the person goes back to their place."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from ivr import rooms, twiml
from ivr.models import Call, CallState
from ivr.services import legs


def together(call: Call, before: Sequence[Element] = ()) -> str:
    """With the agent; had they gone at this very moment, back to the place or, called by us, no more."""
    call = legs.connected(call)
    if call.state == CallState.CONNECTED:
        return rooms.join(call.room, call.language, before)
    return twiml.enqueue() if call.state == CallState.WAITING else twiml.hang_up()
