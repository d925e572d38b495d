"""The simulated network: its calls, queues, conferences, texts and recordings."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

import requests

from ivr.simulator.calls import SimulatedCall
from ivr.simulator.clock import Clock, ManualClock, ScaledClock
from ivr.simulator.conferences import Conferences
from ivr.simulator.events import Event, Events
from ivr.simulator.faults import Faults
from ivr.simulator.parking import Queues
from ivr.simulator.recordings import Recording
from ivr.simulator.sids import new_sid
from ivr.simulator.taping import Tapes
from ivr.simulator.webhooks import Webhooks

TALKS_S = 8.0  # a person who is called back
MACHINE = "machine"
SIMULATED_AGENT = "client:simulated-agent"  # the demo's own, who keeps no caller waiting
WORDS = "Allô, je vous entends."


@dataclass
class Text:
    """A text message, in or out."""

    sid: str
    to: str
    body: str
    from_: str = ""
    direction: str = "outbound-api"
    status: str = "queued"
    sent_at: str = field(default_factory=lambda: formatdate(usegmt=False))


@dataclass
class Network:
    """Everything that rings. `speed` scales its time: 1 is real, 0 is at once; or a clock of its own moves it."""

    webhooks: Webhooks
    address: str = ""
    speed: float = 1.0
    ring_s: float = 1.0
    repeat_status: int = 1
    outcomes: dict[str, str] = field(default_factory=dict)  # how numbers answer: machine, busy, no-answer …
    silent: set[str] = field(default_factory=set)  # numbers that answer and press keys, and whose voice nobody hears
    replies: dict[str, Callable[[SimulatedCall], str]] = field(default_factory=dict)  # the keys of those we call
    faults: Faults = field(default_factory=Faults)
    calls: dict[str, SimulatedCall] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)  # those that the application sent
    texts_in: dict[str, Text] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    listeners: list[Callable[[SimulatedCall, str], None]] = field(default_factory=list)
    by_hand: ManualClock | None = None
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = self.by_hand or ScaledClock(self.speed)
        self.events = Events(self)
        self.queues = Queues()
        self.conferences = Conferences(self)
        self.tapes = Tapes(self)

    # --- calls and texts ----------------------------------------------------------------------------------------------

    def call_in(self, number: str, line: str, keys: "list[str | None] | str" = "", **more: object) -> SimulatedCall:
        """Somebody calls a line of the application."""
        base = self.webhooks.base_url
        ours = {"url": f"{base}/ivr/voice", "fallback_url": f"{base}/ivr/fallback", "status_url": f"{base}/ivr/status"}
        return self._begin(SimulatedCall(self, number, line, keys=deque(keys), **(ours | more)))  # type: ignore[arg-type]

    def call_out(self, number: str, line: str, url: str, status_url: str = "", **more: object) -> SimulatedCall:
        """The application calls somebody: an agent stays, a person talks a while, a machine presses no key."""
        is_agent = number.startswith(("client:", "sip:"))
        outcome = self.outcomes.get(number, "answer")
        machine = outcome == MACHINE
        habits: dict[str, object] = {
            "stay_s": None if is_agent else TALKS_S,
            "outcome": "answer" if machine else outcome,
            "message": WORDS,
            "hurried": number == SIMULATED_AGENT,
            "reply": self.replies.get(number, None if machine else obey),
        }
        call = SimulatedCall(self, number, line, url, status_url, outgoing=True, **(habits | more))  # type: ignore[arg-type]
        return self._begin(call)

    def take_over(self, sid: str, url: str) -> SimulatedCall:
        """Go on with a call that came in by another caller than ours (a test from outside): its webhooks are enough."""
        return self._begin(SimulatedCall(self, "", "", url, f"{self.webhooks.base_url}/ivr/status", sid=sid))

    def _begin(self, call: SimulatedCall) -> SimulatedCall:
        self.calls[call.sid] = call
        return call.start()

    def text_out(self, to: str, body: str, status_url: str, from_: str = "") -> Text:
        """The application sends a text, which arrives unless its number says otherwise."""
        text = Text(new_sid("SM"), to, body, from_)
        self.texts.append(text)
        text.status = "undelivered" if self.outcomes.get(to) in ("undelivered", "failed") else "delivered"
        if status_url:
            for status in ("sent", text.status):
                self.later(status_url, {"MessageSid": text.sid, "MessageStatus": status, "To": to, "From": from_})
        return text

    def text_in(self, number: str, line: str, body: str, sid: str = "") -> requests.Response:
        """Somebody sends the application a text."""
        text = Text(sid or new_sid("SM"), line, body, number, "inbound", "received")
        self.texts_in[text.sid] = text
        params = {"MessageSid": text.sid, "From": number, "To": line, "Body": body, "NumMedia": "0"}
        return self.webhooks.post("/ivr/sms", params)

    # --- recordings ---------------------------------------------------------------------------------------------------

    def keep(self, recording: Recording) -> Recording:
        """Keep what was said."""
        self.recordings[recording.sid] = recording
        return recording

    def keep_recording(self, message: str) -> str:
        """Keep what was said; returns the recording's id."""
        return self.keep(Recording("", message, 1)).sid

    # --- what its parts tell each other -------------------------------------------------------------------------------

    def ended(self, call: SimulatedCall) -> None:
        """A leg is over."""
        self.tapes.end(call)
        self.wake()

    def wake(self) -> None:
        """Everybody looks up: something changed that others may wait for."""
        for call in list(self.calls.values()):
            call.wake()

    def later(self, url: str, params: dict[str, str]) -> None:
        """An event of its own, told beside the call and in no certain order."""
        self.events.later(Event(url, params))

    def token(self) -> str:
        """What makes one request recognisable when it is made again."""
        return secrets.token_hex(16)

    def tell(self, call: SimulatedCall, words: str) -> None:
        """Let those who listen know what a leg hears or becomes."""
        for listener in self.listeners:
            listener(call, words)


def obey(call: SimulatedCall) -> str:
    """Press the digit that was named last: what an agent does who hears the line."""
    digits = [character for words in call.heard[-3:] for character in words if character.isdigit()]
    return digits[-1] if digits else ""
