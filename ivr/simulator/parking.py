"""Queues with their members, and the verbs that lead into them and out."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.etree.ElementTree import Element

from ivr.simulator.documents import Asked
from ivr.simulator.events import Event
from ivr.simulator.interruptions import Fetched, HungUp, Left, Moved
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

USUAL_SIZE = 100
BESIDE = frozenset({"hangup", "redirected", "redirected-from-bridged"})  # nobody reads the answer to these


@dataclass(slots=True, eq=False)
class Member:
    """A caller in a queue."""

    leg: "SimulatedCall"
    since: float


@dataclass(slots=True, eq=False)
class Queue:
    """A named place where callers wait."""

    name: str
    max_size: int = USUAL_SIZE
    sid: str = field(default_factory=lambda: new_sid("QU"))
    members: list[Member] = field(default_factory=list)

    def of(self, sid: str) -> Member | None:
        """The member with this call, or the first."""
        return next((one for one in self.members if sid in ("Front", one.leg.sid)), None)


class Queues:
    """All queues; one that is asked for by name is made."""

    def __init__(self) -> None:
        self.all: dict[str, Queue] = {}
        self._lock = threading.RLock()

    def named(self, name: str) -> Queue:
        """The queue of this name."""
        with self._lock:
            return self.known(name) or self.add(name)

    def known(self, name: str) -> Queue | None:
        """The queue of this name, where somebody made one."""
        return next((queue for queue in self.all.values() if queue.name == name), None)

    def add(self, name: str, max_size: int = USUAL_SIZE) -> Queue:
        """A new queue."""
        queue = Queue(name, max_size)
        self.all[queue.sid] = queue
        return queue

    def leave(self, leg: "SimulatedCall") -> None:
        """A call waits nowhere any more."""
        for queue in list(self.all.values()):
            queue.members[:] = [one for one in queue.members if one.leg is not leg]


def enqueue(leg: "SimulatedCall", verb: Element) -> Asked | None:
    """Wait in a queue until a key, a dial, a REST request or the end of the call leads out of it."""
    queue = leg.network.queues.named((verb.text or "").strip())
    if len(queue.members) >= queue.max_size:
        return _after(verb, {"QueueResult": "queue-full"})
    member = Member(leg, leg.clock.now())
    queue.members.append(member)
    leg.set("queued")
    leg.network.wake()
    result = "hangup"
    try:
        result = _waited(leg, verb, queue, member)
    except Moved:
        result = "redirected-from-bridged" if leg.state == "bridged" else "redirected"
        raise
    finally:
        leg.network.queues.leave(leg)
        facts = {
            "QueueResult": result,
            "QueueSid": queue.sid,
            "QueueTime": str(int(leg.clock.now() - member.since)),
        }
        if result in BESIDE and verb.get("action"):  # told beside the call; the answer is not read
            status = "completed" if result == "hangup" else leg.status
            leg.network.events.later(Event(verb.get("action", ""), leg.params({**facts, "CallStatus": status})))
    return _after(verb, facts)


def _after(verb: Element, facts: dict[str, str]) -> Asked | None:
    return Asked(verb.get("action", ""), verb.get("method", "POST"), facts) if verb.get("action") else None


def _waited(leg: "SimulatedCall", verb: Element, queue: Queue, member: Member) -> str:
    """Until they leave by the verb, or were dialled and have talked."""
    try:
        _wait(leg, verb, queue, member)
    except Left:
        return "leave"
    except Fetched as fetched:
        return _bridged(leg, fetched)


def _wait(leg: "SimulatedCall", verb: Element, queue: Queue, member: Member) -> NoReturn:
    """Hear the waiting documents over and over."""
    from ivr.simulator.reading import WHILE_WAITING, read

    while True:
        if verb.get("waitUrl"):
            asked = Asked(verb.get("waitUrl", ""), verb.get("waitUrlMethod", "POST"), _place(leg, queue, member))
            read(leg, asked, WHILE_WAITING, "wait:")
        else:
            leg.hear("[music]", seconds=30)
        leg.breathe()


def _place(leg: "SimulatedCall", queue: Queue, member: Member) -> dict[str, str]:
    now = leg.clock.now()
    waited = [now - one.since for one in queue.members]
    position = queue.members.index(member) + 1 if member in queue.members else 1
    return {
        "QueueSid": queue.sid,
        "QueuePosition": str(position),
        "QueueTime": str(int(now - member.since)),
        "CurrentQueueSize": str(len(queue.members)),
        "AvgQueueTime": str(int(sum(waited) / max(1, len(waited)))),
    }


def _bridged(leg: "SimulatedCall", fetched: Fetched) -> str:
    """A whisper to the caller first, then the conversation; the verb's action comes after it."""
    from ivr.simulator.reading import WHISPERED, read

    leg.network.queues.leave(leg)
    if fetched.whisper:
        read(leg, fetched.whisper, WHISPERED, "whisper:")
    leg.network.conferences.stay(leg, fetched.room, ends=True)
    return "bridged"


def leave(leg: "SimulatedCall", verb: Element) -> None:
    """Out of the queue, to its action."""
    if leg.state != "queued":
        raise HungUp
    raise Left
