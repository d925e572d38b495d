"""Conferences with their participants: who hears whom, who ends it, and what is told of it."""

import itertools
import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ivr.simulator.documents import Asked
from ivr.simulator.events import Event, stamp
from ivr.simulator.interruptions import HungUp
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall
    from ivr.simulator.network import Network

MOST_PARTICIPANTS = 250
MOST_ON_HOLD = 10_000  # documents; a hold is as long as it is


@dataclass(slots=True, eq=False)
class Participant:
    """One leg in a conference."""

    leg: "SimulatedCall"
    ends: bool = False
    starts: bool = True
    muted: bool = False
    hold: bool = False
    hold_music: Asked | None = None  # what the application has played to them meanwhile
    coached: str = ""  # the call whose side alone hears this one
    label: str = ""


@dataclass(slots=True, eq=False)
class Conference:
    """A room; once over it stays so, and its name is free for another."""

    name: str
    listed: bool = True  # False for the two ends of a Dial, which the provider calls a bridge
    status: str = "init"
    sid: str = field(default_factory=lambda: new_sid("CF"))
    participants: dict[str, Participant] = field(default_factory=dict)
    status_url: str = ""
    status_events: frozenset[str] = frozenset()
    sequence: "itertools.count[int]" = field(default_factory=itertools.count)

    def of(self, name: str) -> Participant | None:
        """By the call's id or by label."""
        known = self.participants.get(name)
        return known or next((one for one in self.participants.values() if one.label and one.label == name), None)


class Conferences:
    """All conferences of a network."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._lock = threading.RLock()
        self.all: list[Conference] = []

    def find(self, name: str) -> Conference | None:
        """By id, or the running one of this name."""
        running = [one for one in self.all if one.sid == name or (one.name == name and one.status != "completed")]
        return running[-1] if running else None

    def room(self, name: str, *, listed: bool = True) -> Conference:
        """The running conference of this name, made where there is none."""
        with self._lock:
            known = self.find(name)
            if known is None:
                known = Conference(name, listed)
                self.all.append(known)
            return known

    def enter(self, room: Conference, participant: Participant) -> bool:
        """A leg comes in; False where it is over or full."""
        with self._lock:
            if room.status == "completed" or len(room.participants) >= MOST_PARTICIPANTS:
                return False
            room.participants[participant.leg.sid] = participant
            begins = room.status == "init" and participant.starts
            if begins:
                room.status = "in-progress"
        if begins:
            self._tell(room, "start")
        self._tell(room, "join", participant)
        self.wake(room)
        return True

    def leave(self, leg: "SimulatedCall") -> None:
        """A leg is in no conference any more; one whose leaving ends it takes the others out, the last closes it."""
        for room in list(self.all):
            with self._lock:
                participant = room.participants.pop(leg.sid, None)
            if participant:
                self._tell(room, "leave", participant)
                if participant.ends or not room.participants:
                    self.end(room)
                self.wake(room)

    def end(self, room: Conference) -> None:
        """Everybody is taken out."""
        with self._lock:
            if room.status == "completed":
                return
            room.status = "completed"
        self._tell(room, "end")
        self.wake(room)

    def change(self, room: Conference, participant: Participant, **changes: object) -> None:
        """Hold, mute, coaching or who ends it, as the application's REST request says."""
        for name, value in changes.items():
            setattr(participant, name, value)
        for name, event in (("hold", "hold"), ("muted", "mute")):
            if name in changes:
                self._tell(room, event if changes[name] else f"un{event}", participant)
        self.wake(room)

    def stay(self, leg: "SimulatedCall", name: str, *, ends: bool) -> None:
        """The bridge of a Dial: both ends leave together."""
        room = self.room(name, listed=False)
        self.enter(room, Participant(leg, ends=ends))
        self.remain(leg, room)

    def remain(self, leg: "SimulatedCall", room: Conference) -> None:
        """Be in the conference until it is over, or as long as the person likes to talk."""
        leg.set(f"conference {room.name}" if room.listed else "bridged")
        try:
            self._talk(leg, room)
        except HungUp:  # its own end is told of before the ends that follow from it
            raise
        except Exception:
            self.leave(leg)
            raise
        self.leave(leg)

    def _talk(self, leg: "SimulatedCall", room: Conference) -> None:
        """Until it is over; who likes to talk for so long begins to once there is company."""
        me, until = room.participants.get(leg.sid), math.inf

        def is_held() -> bool:
            return bool(me and me.hold and me.hold_music)

        def begins() -> bool:
            return until == math.inf and leg.stay_s is not None and len(room.participants) > 1

        while room.status != "completed":
            if me and is_held():
                self._hear_on_hold(leg, room, me)
            elif begins():
                until = leg.clock.now() + (leg.stay_s or 0)
            elif not leg.watch(lambda: room.status == "completed" or is_held() or begins(), until):
                raise HungUp  # talked long enough

    def _hear_on_hold(self, leg: "SimulatedCall", room: Conference, me: Participant) -> None:
        """The application's document over and over, until they are back."""
        from ivr.simulator.reading import WHILE_HELD, read

        with leg.only_while(lambda: me.hold and room.status != "completed"):
            while me.hold_music:
                read(leg, me.hold_music, WHILE_HELD, "hold:", most=MOST_ON_HOLD)
                leg.breathe()

    def wake(self, room: Conference) -> None:
        """Those in it look up, and those who have just left."""
        self._network.wake()

    def _tell(self, room: Conference, event: str, participant: Participant | None = None) -> None:
        kind = event.removeprefix("un")
        if not room.status_url or kind not in room.status_events:
            return
        facts = {
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "StatusCallbackEvent": f"conference-{event}" if participant is None else f"participant-{event}",
            "SequenceNumber": str(next(room.sequence)),
            **stamp(),
        }
        if participant:
            facts |= {
                "CallSid": participant.leg.sid,
                "Muted": str(participant.muted).lower(),
                "Hold": str(participant.hold).lower(),
                "Coaching": str(bool(participant.coached)).lower(),
                "EndConferenceOnExit": str(participant.ends).lower(),
                "StartConferenceOnEnter": str(participant.starts).lower(),
                "ParticipantLabel": participant.label,
            }
        self._network.events.later(Event(room.status_url, facts))
