"""One leg of the simulated network: it rings, reads documents, hears, presses keys, waits, hangs up."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import requests

from ivr.simulator import reading
from ivr.simulator.documents import Asked
from ivr.simulator.events import OVER, Event, stamp
from ivr.simulator.interruptions import Enough, HungUp, Moved
from ivr.simulator.sids import new_sid

if TYPE_CHECKING:
    from ivr.simulator.network import Network

LONGEST_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the person at this leg heard."""

    words: str
    language: str = ""


@dataclass(eq=False)
class SimulatedCall:
    """A leg with what it heard. `keys` are pressed one question at a time; None hangs up at that question."""

    network: "Network"
    number: str
    line: str
    url: str = ""
    status_url: str = ""
    outgoing: bool = False
    keys: deque[str | None] = field(default_factory=deque)
    message: str = ""  # what it says when asked to speak; "" is silence
    stay_s: float | None = None  # how long it stays in a conversation; None until somebody hangs up
    patient: bool = False  # a person in a terminal presses keys when they like
    reply: "Callable[[SimulatedCall], str] | None" = None  # the keys it presses at a question, by what it heard
    hurried: bool = False  # it listens to nothing longer than it takes to understand it
    hangs_up_speaking: bool = False  # it ends a message by hanging up instead of by a key
    ring_s: float | None = None
    outcome: str = "answer"  # answer, busy, no-answer, failed
    timeout_s: float = 60  # how long it may ring
    method: str = "POST"
    twiml: str = ""
    fallback_url: str = ""
    status_events: frozenset[str] = frozenset({"completed"})
    parent: str = ""
    bridge: "Callable[[SimulatedCall], None] | None" = None  # what it does once answered, where another leg dialled it
    sid: str = ""
    state: str = "ringing"  # where it is; `status` is what the provider would say of it
    status: str = "ringing"
    over_at: str = ""
    script: list[Heard] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)  # the verbs it went through
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sid = self.sid or new_sid("CA")
        self.clock = self.network.clock
        self.began = self.ended = self.clock.now()
        self.session = requests.Session()  # its cookies are its own
        self._change = threading.Condition()
        self._move: Asked | Exception | None = None
        self._hang_up = ""
        self._holds: Callable[[], bool] | None = None
        self._sequence = itertools.count()
        self._thread = threading.Thread(target=self._live, daemon=True, name=self.sid[:8])
        self._up = threading.Event()

    @property
    def heard(self) -> list[str]:
        """The words it heard, and the addresses of what was played, in brackets."""
        return [one.words for one in self.script]

    @property
    def is_over(self) -> bool:
        """Whether the leg has ended."""
        return self.status in OVER

    # --- what others do to it ----------------------------------------------------------------------------------------

    def start(self) -> "SimulatedCall":
        """Let it ring."""
        self._thread.start()
        self._up.wait(5)
        return self

    def press(self, digits: str) -> None:
        """Press keys."""
        with self._change:
            self.keys.extend(digits)
            self.clock.rouse(self._change)

    def hang_up(self, status: str = "completed") -> None:
        """Hang up, wherever the leg is."""
        with self._change:
            self._hang_up = self._hang_up or status
            self.clock.rouse(self._change)

    def move(self, to: "str | Asked | Exception") -> None:
        """Go on with another document (the application's REST request), or with what else takes the leg away."""
        with self._change:
            self._move = Asked(to) if isinstance(to, str) else to
            self.clock.rouse(self._change)

    def wake(self) -> None:
        """Something that this leg watches has changed."""
        with self._change:
            self.clock.rouse(self._change)

    def join_end(self, timeout: float = 20) -> "SimulatedCall":
        """Wait until the leg is over."""
        self._thread.join(timeout)
        return self

    def wait_for(self, state: str, timeout: float = 20) -> bool:
        """Wait until the leg is in this state."""
        with self._change:
            return self._change.wait_for(lambda: self.state == state or not self._thread.is_alive(), timeout) and (
                self.state == state
            )

    # --- its life ----------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        with self.clock.working():
            self._up.set()
            try:
                self._go_through()
            except HungUp:
                pass  # however far they had come: their end follows
            except requests.RequestException as error:
                self.errors.append(type(error).__name__)
            finally:
                self._end()

    def _go_through(self) -> None:
        if self.outgoing:
            self._ring()
            self._become("in-progress", "answered")
        following: Asked | None = Asked(self.url, self.method, {}, self.twiml) if self.url or self.twiml else None
        while True:
            try:
                if following:
                    reading.read(self, following)
                if self.bridge:
                    self.bridge(self)
                return
            except Moved as moved:
                following = moved.to

    def answered(self) -> None:
        """An incoming call is taken by its first verb."""
        if self.status == "ringing":
            self.status = "in-progress"
            if self.state == "ringing":
                self.set("in-progress")

    def _ring(self) -> None:
        self._become("initiated", "initiated")
        self._become("ringing", "ringing")
        habit = self.network.ring_s if self.ring_s is None else self.ring_s
        self.pause(min(habit, self.timeout_s))
        outcome = "no-answer" if habit > self.timeout_s else self.outcome
        if outcome != "answer":
            self._hang_up = outcome
            raise HungUp

    def _become(self, status: str, event: str) -> None:
        self.status = "queued" if status == "initiated" else status
        self.set(self.status)
        if event in self.status_events and self.status_url:
            self.network.events.later(Event(self.status_url, self._facts()))

    def _end(self) -> None:
        self.network.queues.leave(self)
        self.ended = self.clock.now()
        self.status = self._hang_up or "completed"
        self.set(self.status)
        facts = self._facts()
        self.over_at = facts["Timestamp"]
        event = Event(self.status_url, facts | {"CallDuration": str(self.seconds)})
        if "completed" in self.status_events:
            for _ in range(self.network.repeat_status):
                self.network.events.tell(event)
        self.network.conferences.leave(self)  # whose legs end with this one are told of after it
        self.session.close()
        self.network.ended(self)

    @property
    def seconds(self) -> int:
        """How long it has lasted."""
        return max(1, int((self.ended if self.is_over else self.clock.now()) - self.began))

    def _facts(self) -> dict[str, str]:
        return self.params({"CallStatus": self.status, "SequenceNumber": str(next(self._sequence)), **stamp()})

    def params(self, more: dict[str, str]) -> dict[str, str]:
        """What every webhook says about the call."""
        ends = {"From": self.line, "To": self.number} if self.outgoing else {"From": self.number, "To": self.line}
        direction = "inbound"
        if self.outgoing:
            direction = "outbound-dial" if self.parent else "outbound-api"
        above = {"ParentCallSid": self.parent} if self.parent else {}
        same = {"Caller": ends["From"], "Called": ends["To"]}
        return {"CallSid": self.sid, "CallStatus": self.status, "Direction": direction, **ends, **same, **above, **more}

    # --- what it hears and says --------------------------------------------------------------------------------------

    def hear(self, words: str, language: str = "", *, seconds: float = 0) -> None:
        """The person hears something, for so long."""
        self.script.append(Heard(words, language))
        self.network.tell(self, words)
        self.pause(0 if self.hurried else seconds)

    def speech(self) -> str:
        """What the person says when they are asked to speak; a silent leg says nothing."""
        return "" if self.number in self.network.silent else self.message

    # --- time, keys and interruptions --------------------------------------------------------------------------------

    def pause(self, seconds: float) -> None:
        """Let time pass, unless something takes the leg away."""
        until = self.clock.now() + seconds
        with self._change:
            self.look()
            while self.clock.sleep(self._change, until):
                self.look()

    @contextmanager
    def only_while(self, holds: Callable[[], bool]) -> Iterator[None]:
        """Do something for as long as this holds, and not a moment longer."""
        self._holds = holds
        try:
            yield
        except Enough:
            pass  # what holds no longer ended what was being done, as it was meant to
        finally:
            self._holds = None

    def breathe(self) -> None:
        """A moment between two rounds."""
        self.pause(self.clock.breath_s)

    def watch(self, is_over: Callable[[], bool], until: float = float("inf")) -> bool:
        """Wait until something is over; False where the time came first. Others tell by `wake`."""
        with self._change:
            self.look()
            while not is_over():
                if not self.clock.sleep(self._change, until):
                    return is_over()
                self.look()
        return True

    def pressed(self, most: int, finish: str, timeout: float) -> tuple[str, bool]:
        """The keys up to the last that is wanted, and whether a finishing key ended them."""
        digits = ""
        until = self.clock.now() + timeout
        with self._change:
            while len(digits) < most:
                self.look()
                if not self.keys:
                    if not self.clock.sleep(self._change, until):
                        break
                    continue
                key = self.keys.popleft()
                if key is None:
                    raise HungUp
                if key == " ":  # silence at this question
                    break
                if key in finish:
                    return digits, True
                digits += key
                until = self.clock.now() + timeout
        return digits, False

    def look(self) -> None:
        """Notice, with the lock held, that the leg was hung up or moved meanwhile."""
        if self._hang_up:
            raise HungUp
        if self._holds and not self._holds():
            raise Enough
        if self.network.by_hand and self.clock.now() - self.began > LONGEST_S:  # scaled time is soon over
            raise HungUp
        if self._move:
            to, self._move = self._move, None
            raise Moved(to) if isinstance(to, Asked) else to

    def set(self, state: str) -> None:
        """Where the leg is now."""
        with self._change:
            self.state = state
            self._change.notify_all()
        self.network.tell(self, f"· {state}")
