"""What the provider tells beside the call: late, twice, in any order, or never."""

import contextlib
import itertools
import secrets
import threading
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING

import requests

if TYPE_CHECKING:
    from ivr.simulator.network import Network

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass(slots=True)
class Event:
    """One thing to tell."""

    url: str
    params: dict[str, str]
    method: str = "POST"
    token: str = field(default_factory=lambda: secrets.token_hex(16))


def stamp() -> dict[str, str]:
    """When it happened, as events say it."""
    return {"Timestamp": formatdate(usegmt=False), "CallbackSource": "call-progress-events"}


class Events:
    """Tells events, with the faults that a test asked for."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._held: dict[str, Event] = {}
        self._lock = threading.Lock()
        self._telling: list[threading.Thread] = []
        self.told = itertools.count()

    def later(self, event: Event) -> None:
        """Tell it from a thread of its own."""
        clock = self._network.clock
        ready = threading.Event()

        def tell() -> None:
            with clock.working():
                ready.set()
                self.tell(event)

        telling = threading.Thread(target=tell, daemon=True)
        with self._lock:
            self._telling = [one for one in self._telling if one.is_alive()] + [telling]
            telling.start()
        ready.wait()

    def join(self, timeout: float) -> None:
        """Wait until everything is told, each for so long at most."""
        for telling in self._telling:
            telling.join(timeout)

    def tell(self, event: Event) -> None:
        """Tell it now, as often as the faults say; where they reorder, the next of the same call goes first."""
        faults = self._network.faults
        if not event.url or faults.drop(event.params) or (faults.lost_ending and self._is_ending(event)):
            return
        first = [event]
        if faults.reorder:
            first = self._swapped(event)
        for each in first:
            self._wait(faults.delay_s)
            for _ in range(faults.duplicate):
                self._send(each)

    def _is_ending(self, event: Event) -> bool:
        return event.params.get("CallStatus") in OVER and "SequenceNumber" in event.params

    def _swapped(self, event: Event) -> list[Event]:
        """Nothing yet where this one is held back; else this one and the one that was held."""
        sid = event.params.get("CallSid", "")
        with self._lock:
            held = self._held.pop(sid, None)
            if held is None and not self._is_ending(event):
                self._held[sid] = event
                return []
        return [event, *([held] if held else [])]

    def _wait(self, seconds: float) -> None:
        if seconds:
            change, until = threading.Condition(), self._network.clock.now() + seconds
            with change:
                while self._network.clock.sleep(change, until):
                    pass

    def _send(self, event: Event) -> None:
        webhooks = self._network.webhooks
        with contextlib.suppress(requests.RequestException), requests.Session() as session:
            webhooks.ask(event.method, event.url, event.params, token=event.token, session=session)
