"""The simulated network: its calls, conferences, texts and recordings."""

import contextlib
import io
import threading
import wave
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from ivr.simulator.calls import SimulatedCall, new_sid
from ivr.simulator.webhooks import Webhooks


@dataclass
class Text:
    """A text message that the application sent."""

    sid: str
    to: str
    body: str


@dataclass
class Network:
    """Everything that rings. `speed` scales its time: 1 is real, 0 is at once."""

    webhooks: Webhooks
    address: str = ""
    speed: float = 1.0
    ring_s: float = 1.0
    repeat_status: int = 1
    outcomes: dict[str, str] = field(default_factory=dict)  # a number's way to answer: answer, busy, no-answer
    calls: dict[str, SimulatedCall] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    listeners: list[Callable[[SimulatedCall, str], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._rooms: dict[str, dict[str, bool]] = {}
        self._over: set[str] = set()
        self._recordings: dict[str, str] = {}

    def call_in(self, number: str, line: str, keys: "list[str | None] | str" = "", **more: object) -> SimulatedCall:
        """Somebody calls a line of the application."""
        base = self.webhooks.base_url
        call = SimulatedCall(
            network=self,
            number=number,
            line=line,
            url=f"{base}/ivr/voice",
            status_url=f"{base}/ivr/status",
            keys=deque(keys),
            **more,  # type: ignore[arg-type]
        )
        self.calls[call.sid] = call
        return call.start()

    def call_out(self, number: str, line: str, url: str, status_url: str) -> SimulatedCall:
        """The application calls somebody: an agent's leg stays, a person talks for a while."""
        stay = None if number.startswith("client:") else 8.0
        call = SimulatedCall(
            network=self, number=number, line=line, url=url, status_url=status_url, outgoing=True, stay_s=stay
        )
        self.calls[call.sid] = call
        return call.start()

    def take_over(self, sid: str, url: str) -> SimulatedCall:
        """Go on with a call that came in by another caller than ours (a test from outside): its webhooks are enough."""
        status_url = f"{self.webhooks.base_url}/ivr/status"
        call = SimulatedCall(network=self, number="", line="", url=url, status_url=status_url, sid=sid)
        self.calls[sid] = call
        return call.start()

    def text_out(self, to: str, body: str, status_url: str) -> Text:
        """The application sends a text, which arrives."""
        text = Text(sid=new_sid("SM"), to=to, body=body)
        self.texts.append(text)
        if status_url:
            self.later(status_url, {"MessageSid": text.sid, "MessageStatus": "delivered", "To": to})
        return text

    def text_in(self, number: str, line: str, body: str, sid: str = "") -> requests.Response:
        """Somebody sends the application a text."""
        params = {"MessageSid": sid or new_sid("SM"), "From": number, "To": line, "Body": body, "NumMedia": "0"}
        return self.webhooks.post("/ivr/sms", params)

    def outcome_of(self, number: str) -> str:
        """How a number answers."""
        return self.outcomes.get(number, "answer")

    def enter(self, call: SimulatedCall, room: str, *, ends: bool) -> None:
        """A leg comes into a conference."""
        with self._lock:
            self._over.discard(room)
            self._rooms.setdefault(room, {})[call.sid] = ends

    def left(self, call: SimulatedCall) -> None:
        """A leg is in no conference any more; one whose leaving ends it takes the others out."""
        with self._lock:
            for room, legs in self._rooms.items():
                if legs.pop(call.sid, False):
                    self._over.add(room)

    def is_over(self, room: str) -> bool:
        """Whether the conference was ended."""
        with self._lock:
            return room in self._over

    def others_in(self, call: SimulatedCall, room: str) -> list[str]:
        """The other legs in the conference."""
        with self._lock:
            return [sid for sid in self._rooms.get(room, {}) if sid != call.sid]

    def keep_recording(self, message: str) -> str:
        """Keep what was said; returns the recording's id."""
        sid = new_sid("RE")
        self._recordings[sid] = message
        return sid

    def recording(self, sid: str) -> bytes | None:
        """The audio of a recording: a second of silence, as WAV."""
        if sid not in self._recordings:
            return None
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as audio:
            audio.setnchannels(1)
            audio.setsampwidth(2)
            audio.setframerate(8000)
            audio.writeframes(b"\x00\x00" * 8000)
        return buffer.getvalue()

    def later(self, url: str, params: dict[str, str]) -> None:
        """An event of its own, told beside the call and in no certain order."""

        def tell() -> None:
            with contextlib.suppress(requests.RequestException), requests.Session() as session:
                Webhooks(self.webhooks.base_url, self.webhooks.token, session=session).post(url, params)

        threading.Thread(target=tell, daemon=True).start()

    def tell(self, call: SimulatedCall, words: str) -> None:
        """Let those who listen know what a leg hears or becomes."""
        for listener in self.listeners:
            listener(call, words)
