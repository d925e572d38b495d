"""One leg of the simulated network: it reads TwiML as the provider does, hears, presses keys, waits, hangs up."""

import contextlib
import itertools
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, fromstring

import requests

if TYPE_CHECKING:
    from ivr.simulator.network import Network

MOST_DOCUMENTS = 200
CHARACTERS_A_SECOND = 15


class HungUp(Exception):  # noqa: N818  # it ends the call and is no error
    """The leg is over."""


class Moved(Exception):  # noqa: N818
    """The application moved the leg to another document by REST."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def new_sid(prefix: str) -> str:
    """An id as the provider makes them."""
    return prefix + secrets.token_hex(16)


@dataclass(eq=False)
class SimulatedCall:
    """A leg with what it heard. `keys` are pressed one question at a time; None hangs up at that question."""

    network: "Network"
    number: str
    line: str
    url: str
    status_url: str
    outgoing: bool = False
    keys: deque[str | None] = field(default_factory=deque)
    message: str = ""  # what it says into a recording; "" is silence
    stay_s: float | None = None  # how long it stays in a conversation; None until somebody hangs up
    patient: bool = False  # a person in a terminal presses keys when they like
    sid: str = ""
    state: str = "ringing"
    heard: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)  # the verbs it went through
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sid = self.sid or new_sid("CA")
        self._change = threading.Condition()
        self._move: str | None = None
        self._hang_up = False
        self._sequence = itertools.count()
        self._thread = threading.Thread(target=self._live, daemon=True, name=self.sid[:8])

    # --- what others do to it ----------------------------------------------------------------------------------------

    def start(self) -> "SimulatedCall":
        """Let it ring."""
        self._thread.start()
        return self

    def press(self, digits: str) -> None:
        """Press keys."""
        with self._change:
            self.keys.extend(digits)
            self._change.notify_all()

    def hang_up(self) -> None:
        """Hang up, wherever the leg is."""
        with self._change:
            self._hang_up = True
            self._change.notify_all()

    def move(self, url: str) -> None:
        """The application's REST request: go on with this document."""
        with self._change:
            self._move = url
            self._change.notify_all()

    def join_end(self, timeout: float = 20) -> "SimulatedCall":
        """Wait until the leg is over."""
        self._thread.join(timeout)
        return self

    def wait_for(self, state: str, timeout: float = 20) -> bool:
        """Wait until the leg is in this state."""
        end = time.monotonic() + timeout
        with self._change:
            while self.state != state and self._thread.is_alive():
                if not self._change.wait(max(0.0, min(0.2, end - time.monotonic()))) and time.monotonic() > end:
                    break
        return self.state == state

    # --- its life ----------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        try:
            if self.outgoing and not self._is_answered():
                return
            self._set("in-progress")
            url: str | None = self.url
            while url:
                try:
                    self._read(url)
                    url = None
                except Moved as moved:
                    url = moved.url
        except HungUp:
            pass
        except requests.RequestException as error:
            self.errors.append(type(error).__name__)
        finally:
            self.network.left(self)
            if self.state not in ("busy", "no-answer"):
                self._set("completed")
            self._tell_status()

    def _is_answered(self) -> bool:
        outcome = self.network.outcome_of(self.number)
        self._pause(self.network.ring_s)
        if outcome != "answer":
            self._set(outcome)
        return outcome == "answer"

    def _tell_status(self) -> None:
        params = {"CallStatus": self.state, "SequenceNumber": str(next(self._sequence)), "CallDuration": "1"}
        for _ in range(self.network.repeat_status):
            with contextlib.suppress(requests.RequestException):
                self.network.webhooks.post(self.status_url, self._params(params))

    def _params(self, more: dict[str, str]) -> dict[str, str]:
        ends = {"From": self.line, "To": self.number} if self.outgoing else {"From": self.number, "To": self.line}
        direction = "outbound-api" if self.outgoing else "inbound"
        return {"CallSid": self.sid, "CallStatus": self.state, "Direction": direction, **ends, **more}

    def _read(self, url: str, more: dict[str, str] | None = None) -> None:
        """Fetch a document and do what it says, and the documents it leads to."""
        address, params = url, more or {}
        for _ in range(MOST_DOCUMENTS):
            answer = self.network.webhooks.post(address, self._params(params))
            if answer.status_code != 200:
                self.errors.append(f"{answer.status_code} {address}")
                raise HungUp
            try:
                document = fromstring(answer.text)
            except ParseError as error:
                self.errors.append("12100 the document is not XML")
                raise HungUp from error
            following = self._do(list(document), answer.url)
            if following is None:
                return
            address, params = following
        self.errors.append("too many documents")
        raise HungUp

    def _do(self, verbs: list[Element], here: str) -> tuple[str, dict[str, str]] | None:
        """Do the verbs in order; where one leads to another document, that one with its parameters."""
        for verb in verbs:
            self.trail.append(verb.tag)
            following = getattr(self, f"_verb_{verb.tag.lower()}", self._verb_unknown)(verb)
            if following:
                address, params = following
                return urljoin(here, address), params
        raise HungUp

    # --- the verbs ---------------------------------------------------------------------------------------------------

    def _verb_unknown(self, verb: Element) -> None:
        self.errors.append(f"12200 unknown verb {verb.tag}")

    def _verb_say(self, verb: Element) -> None:
        words = verb.text or ""
        self.heard.append(words)
        self.network.tell(self, words)
        self._pause(len(words) / CHARACTERS_A_SECOND)

    def _verb_play(self, verb: Element) -> None:
        self.heard.append(f"[{verb.text}]")

    def _verb_pause(self, verb: Element) -> None:
        self._pause(float(verb.get("length", "1")))

    def _verb_redirect(self, verb: Element) -> tuple[str, dict[str, str]]:
        return (verb.text or "").strip(), {}

    def _verb_hangup(self, verb: Element) -> None:
        raise HungUp

    def _verb_reject(self, verb: Element) -> None:
        raise HungUp

    def _verb_gather(self, verb: Element) -> tuple[str, dict[str, str]] | None:
        for inner in verb:
            if not (self.keys and not self.patient):
                getattr(self, f"_verb_{inner.tag.lower()}", self._verb_unknown)(inner)
            else:  # keys pressed during the prompt stop it
                self.heard.append(inner.text or "")
        digits = self._keys(
            int(verb.get("numDigits", "20")), verb.get("finishOnKey", "#"), float(verb.get("timeout", "5"))
        )
        if not digits and verb.get("actionOnEmptyResult") != "true":
            return None
        return verb.get("action", ""), {"Digits": digits}

    def _verb_record(self, verb: Element) -> tuple[str, dict[str, str]] | None:
        self._set("recording")
        self._pause(float(verb.get("timeout", "5")) if not self.message else len(self.message) / CHARACTERS_A_SECOND)
        if not self.message:
            return None
        sid = self.network.keep_recording(self.message)
        facts = {
            "RecordingSid": sid,
            "RecordingUrl": f"{self.network.address}/Recordings/{sid}",
            "RecordingDuration": "5",
        }
        callback = verb.get("recordingStatusCallback")
        if callback:
            self.network.later(callback, self._params({**facts, "RecordingStatus": "completed"}))
        return verb.get("action", ""), {**facts, "Digits": "#"}

    def _verb_enqueue(self, verb: Element) -> tuple[str, dict[str, str]] | None:
        self._set("queued")
        result = "redirected"
        try:
            result = self._hear_waiting(verb.get("waitUrl", ""))
        except HungUp:
            result = "hangup"
            raise
        finally:
            if result in ("hangup", "redirected"):
                self.network.later(verb.get("action", ""), self._params({"QueueResult": result, "QueueTime": "1"}))
        return verb.get("action", ""), {"QueueResult": result, "QueueTime": "1"}

    def _hear_waiting(self, wait_url: str) -> str:
        """Hear the waiting documents over and over, until a key leads out of the queue."""
        url, params = wait_url, {"QueuePosition": "1", "CurrentQueueSize": "1", "AvgQueueTime": "60"}
        while True:
            answer = self.network.webhooks.post(url, self._params(params))
            if answer.status_code != 200:
                raise HungUp
            url, params = wait_url, {"QueuePosition": "1"}
            for verb in fromstring(answer.text):
                self.trail.append(f"wait:{verb.tag}")
                if verb.tag == "Leave":
                    return "leave"
                following = getattr(self, f"_verb_{verb.tag.lower()}", self._verb_unknown)(verb)
                if following:
                    url, params = urljoin(answer.url, following[0]), following[1]
                    break
            self._pause(0.05, real=True)

    def _verb_dial(self, verb: Element) -> tuple[str, dict[str, str]] | None:
        room = verb.find("Conference")
        if room is None:
            self._verb_unknown(verb)
            return None
        name = (room.text or "").strip()
        self.network.enter(self, name, ends=room.get("endConferenceOnExit") == "true")
        self._set(f"conference {name}")
        try:
            self._stay(name)
        finally:
            self.network.left(self)
        return (verb.get("action", ""), {"DialCallStatus": "completed"}) if verb.get("action") else None

    def _stay(self, name: str) -> None:
        began = time.monotonic()
        while not self.network.is_over(name):
            with self._change:
                self._change.wait(0.05)
                self._look()
            alone = not self.network.others_in(self, name)
            if self.stay_s is not None and not alone and time.monotonic() - began > self.stay_s * self.network.speed:
                raise HungUp

    # --- time, keys and interruptions ---------------------------------------------------------------------------------

    def _pause(self, seconds: float, *, real: bool = False) -> None:
        end = time.monotonic() + (seconds if real else seconds * self.network.speed)
        with self._change:
            self._look()
            while (left := end - time.monotonic()) > 0:
                self._change.wait(left)
                self._look()

    def _keys(self, most: int, finish: str, timeout: float) -> str:
        digits = ""
        end = time.monotonic() + timeout * self.network.speed
        with self._change:
            while len(digits) < most:
                self._look()
                if self.keys:
                    key = self.keys.popleft()
                    if key is None:
                        raise HungUp
                    if key in finish:
                        break
                    digits += "" if key == " " else key
                    if key == " ":  # silence at this question
                        break
                    continue
                left = end - time.monotonic()
                if left <= 0:
                    break
                self._change.wait(left)
        return digits

    def _look(self) -> None:
        """Notice, with the lock held, that the leg was hung up or moved meanwhile."""
        if self._hang_up:
            raise HungUp
        if self._move:
            url, self._move = self._move, None
            raise Moved(url)

    def _set(self, state: str) -> None:
        with self._change:
            self.state = state
            self._change.notify_all()
        self.network.tell(self, f"· {state}")
