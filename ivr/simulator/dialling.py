"""The verb Dial: a conference, a queue, or others who are called and put through."""

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from ivr.simulator.conferences import Participant
from ivr.simulator.documents import Asked
from ivr.simulator.interruptions import Fetched, HungUp

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

RINGS_S = 30.0
CALLED = frozenset({"Number", "Client", "Sip"})


def dial(leg: "SimulatedCall", verb: Element) -> Asked | None:
    """Put the leg through; an action makes the rest of its document unreachable."""
    room, queue = verb.find("Conference"), verb.find("Queue")
    if room is not None:
        facts = _conference(leg, room)
    elif queue is not None:
        facts = _queue(leg, verb, queue)
    else:
        facts = _others(leg, verb)
    leg.set("in-progress")
    return Asked(verb.get("action", ""), verb.get("method", "POST"), facts) if verb.get("action") else None


def _conference(leg: "SimulatedCall", noun: Element) -> dict[str, str]:
    conferences = leg.network.conferences
    room = conferences.room((noun.text or "").strip())
    if noun.get("statusCallback") and not room.status_url:  # the first who says so decides
        room.status_url = noun.get("statusCallback", "")
        room.status_events = frozenset(noun.get("statusCallbackEvent", "").split())
    participant = Participant(
        leg,
        ends=noun.get("endConferenceOnExit") == "true",
        starts=noun.get("startConferenceOnEnter", "true") == "true",
        muted=noun.get("muted") == "true",
        coached=noun.get("coach", ""),
        label=noun.get("participantLabel", ""),
    )
    if conferences.enter(room, participant):
        conferences.remain(leg, room)
    return {"DialCallStatus": "completed"}


def _queue(leg: "SimulatedCall", verb: Element, noun: Element) -> dict[str, str]:
    """The first who waits, or the first to come in time."""
    queue = leg.network.queues.known((noun.text or "").strip())
    if queue is None:
        return {"DialCallStatus": "failed"}
    until = leg.clock.now() + float(verb.get("timeout", RINGS_S))
    if not leg.watch(lambda: bool(queue.members), until):
        return {"DialCallStatus": "no-answer"}
    member = queue.members.pop(0)
    began = leg.clock.now()
    name = f"bridge {leg.sid}"
    facts = {"QueueSid": queue.sid, "DequeingCallSid": leg.sid, "QueueTime": str(int(began - member.since))}
    whisper = Asked(noun.get("url", ""), noun.get("method", "POST"), facts) if noun.get("url") else None
    member.leg.move(Fetched(name, whisper))
    leg.network.conferences.stay(leg, name, ends=True)
    return _connected(leg, member.leg.sid, began)


def _others(leg: "SimulatedCall", verb: Element) -> dict[str, str]:
    """All called at once; the first who takes it is put through, and the others stop ringing."""
    began, name = leg.clock.now(), f"bridge {leg.sid}"
    room = leg.network.conferences.room(name, listed=False)
    timeout = float(verb.get("timeout", RINGS_S))
    called = [_call(leg, verb, noun, name, timeout) for noun in verb if noun.tag in CALLED] or [
        _call(leg, verb, verb, name, timeout)
    ]
    try:
        leg.watch(lambda: bool(room.participants) or all(one.is_over for one in called))
        winner = next((one for one in called if one.sid in room.participants), None)
        for one in called:
            if one is not winner:
                one.hang_up("canceled" if one.status in ("queued", "ringing") else "completed")
        if winner is None:
            return {"DialCallStatus": called[-1].status, "DialCallSid": called[-1].sid, "DialBridged": "false"}
        leg.network.conferences.stay(leg, name, ends=True)
        return _connected(leg, winner.sid, began)
    finally:
        for one in called:
            one.hang_up("canceled" if one.status in ("queued", "ringing") else "completed")


def _call(leg: "SimulatedCall", verb: Element, noun: Element, room: str, timeout: float) -> "SimulatedCall":
    number = (noun.text or "").strip()
    number = f"client:{number}" if noun.tag == "Client" and not number.startswith("client:") else number
    return leg.network.call_out(
        number,
        verb.get("callerId", leg.number),
        noun.get("url", ""),
        noun.get("statusCallback", ""),
        parent=leg.sid,
        timeout_s=timeout,
        bridge=lambda child: _be_bridged(child, room),
    )


def _be_bridged(child: "SimulatedCall", name: str) -> None:
    """Put through, unless another was quicker."""
    conferences = child.network.conferences
    room = conferences.find(name)
    if room is None or any(one.leg.parent for one in room.participants.values()):
        raise HungUp
    if conferences.enter(room, Participant(child, ends=True)):
        conferences.remain(child, room)
    raise HungUp


def _connected(leg: "SimulatedCall", other: str, began: float) -> dict[str, str]:
    talked = str(max(1, int(leg.clock.now() - began)))
    return {"DialCallStatus": "completed", "DialCallSid": other, "DialCallDuration": talked, "DialBridged": "true"}
