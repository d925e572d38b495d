"""Calls that are recorded while they last: begun, paused, gone on with, stopped, and what is told of it.

Source: Twilio, "Recordings resource", with its parameters of the recording status callback.
"""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.simulator.events import Event
from ivr.simulator.recordings import Recording

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall
    from ivr.simulator.network import Network

CURRENT = "Twilio.CURRENT"
RUNS, PAUSED, STOPPED, COMPLETED, ABSENT = "in-progress", "paused", "stopped", "completed", "absent"
SOURCE = "StartCallRecordingAPI"
SKIPS = "skip"  # how a pause leaves no silence behind
USUAL_EVENTS = frozenset({COMPLETED})


@dataclass(slots=True, eq=False)
class Tape:
    """A recording under way. `since` is when it last went on, in the network's seconds; None while time is left out."""

    recording: Recording
    call: "SimulatedCall"
    status_url: str
    events: frozenset[str]
    since: float | None
    ran: float = 0.0


class Tapes:
    """What is being recorded in a network."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._lock = threading.RLock()
        self._running: list[Tape] = []

    def begin(self, call: "SimulatedCall", status_url: str = "", events: frozenset[str] = USUAL_EVENTS) -> Recording:
        """The call is recorded from now on."""
        recording = self._network.keep(Recording(call.sid, "", 0, status=RUNS, source=SOURCE))
        tape = Tape(recording, call, status_url, events, call.clock.now())
        with self._lock:
            self._running.append(tape)
        self._tell(tape, RUNS, {})
        return recording

    def change(self, call: "SimulatedCall", sid: str, status: str, pause: str = "") -> Recording | None:
        """Pause, go on or stop; None where no such recording is under way. A pause may `skip`, else it is silence."""
        with self._lock:
            mine = [one for one in self._running if one.call is call and sid in (CURRENT, one.recording.sid)]
            if not mine:
                return None
            tape = mine[-1]
            self._let_run(tape, status == RUNS or (status == PAUSED and pause != SKIPS))
            tape.recording.status = status
        if status == STOPPED:
            self._end(tape)
        return tape.recording

    def end(self, call: "SimulatedCall") -> None:
        """Whatever is recorded of this call ends with it."""
        for tape in [one for one in self._running if one.call is call]:
            self._end(tape)

    def _let_run(self, tape: Tape, runs: bool) -> None:
        now = tape.call.clock.now()
        tape.ran += now - tape.since if tape.since is not None else 0.0
        tape.since = now if runs else None

    def _end(self, tape: Tape) -> None:
        with self._lock:
            if tape not in self._running:
                return
            self._running.remove(tape)
            self._let_run(tape, False)
            tape.recording.seconds = max(1, round(tape.ran)) if tape.ran else 0
            tape.recording.status = COMPLETED if tape.ran else ABSENT
        self._tell(tape, tape.recording.status, {"RecordingDuration": str(tape.recording.seconds)})

    def _tell(self, tape: Tape, status: str, more: dict[str, str]) -> None:
        if not tape.status_url or status not in tape.events:
            return
        network, sid = self._network, tape.recording.sid
        account = f"{network.address}/2010-04-01/Accounts/{network.webhooks.account}"
        facts = {
            "CallSid": tape.call.sid,
            "RecordingSid": sid,
            "RecordingUrl": f"{account}/Recordings/{sid}",
            "RecordingStatus": status,
            "RecordingChannels": "1",
            "RecordingSource": SOURCE,
        }
        network.events.later(Event(tape.status_url, facts | more))
