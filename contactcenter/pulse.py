"""Whether the database lives. Who waits for one that hangs is cut off, and while it is away nobody asks it.

A server that was stopped in the middle of an answer keeps the asker waiting for ever: no time-out of its own runs any
more. So each process watches its own requests. One that has lasted for a second makes it knock at the database by a
connection of its own; if nobody opens, every connection of this process is cut, and until somebody does, requests are
told at once. SQLite has nobody who could hang.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections

log = logging.getLogger(__name__)

AWAY = (InterfaceError, DatabaseError)  # what a request meets whose connection was cut
LOOK_EVERY_S = 0.1
SUSPECT_AFTER_S = 1.0
KNOCK_S = 0.7
KNOCK_AGAIN_S = 0.5


@dataclass(slots=True, eq=False)
class _Work:
    wrapper: Any  # Django's connection of the thread that works
    since: float
    limit: float  # seconds after which it is cut whatever the database says


class Pulse:
    """One process's view of its database."""

    def __init__(self) -> None:
        self.is_away = False
        self._works: set[_Work] = set()
        self._watching: threading.Thread | None = None
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._knocked_at = float("-inf")

    @contextmanager
    def working(self, limit: float = float("inf")) -> Iterator[None]:
        """This thread asks the database; it may take so many seconds."""
        if connection.vendor != "postgresql":
            yield
            return
        work = _Work(connections[DEFAULT_DB_ALIAS], time.monotonic(), limit)
        self._watch()
        self._works.add(work)
        try:
            yield
        finally:
            self._works.discard(work)

    def suspect(self) -> None:
        """Somebody met an error that a database which is away would make: find out."""
        if connection.vendor == "postgresql" and not self.is_away:
            self._watch()
            self._knocked_at = float("-inf")
            self._wake.set()

    def _watch(self) -> None:
        if self._watching is None or not self._watching.is_alive():
            with self._lock:
                if self._watching is None or not self._watching.is_alive():
                    self._watching = threading.Thread(target=self._live, daemon=True, name="pulse")
                    self._watching.start()

    def _live(self) -> None:
        while True:
            suspected = self._wake.wait(LOOK_EVERY_S)
            self._wake.clear()
            now = time.monotonic()
            works = list(self._works)
            for work in works:
                if now - work.since > work.limit:
                    _cut(work.wrapper)
            slow = any(now - work.since > SUSPECT_AFTER_S for work in works)
            if (suspected or slow or self.is_away) and now - self._knocked_at > KNOCK_AGAIN_S:
                self._knock()
                self._knocked_at = time.monotonic()

    def _knock(self) -> None:
        answered = _within(KNOCK_S, answers)
        if answered == (not self.is_away):
            return
        self.is_away = not answered
        log.warning("database.back" if answered else "database.away")
        if not answered:
            for work in list(self._works):
                _cut(work.wrapper)


def _within(seconds: float, asks: Callable[[], bool]) -> bool:
    """Whether the answer is yes and comes in time; who does not answer is left behind."""
    answer: list[bool] = []
    asker = threading.Thread(target=lambda: answer.append(asks()), daemon=True, name="knock")
    asker.start()
    asker.join(seconds)
    return answer == [True]


def answers() -> bool:
    """Whether the database answers to a connection of its own."""
    wrapper: Any = connections.create_connection(DEFAULT_DB_ALIAS)
    wrapper.knocks = True  # the others are refused while it is away
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except Exception:
        return False
    finally:
        with suppress(Exception):
            wrapper.close()


def _cut(wrapper: Any) -> None:
    """End the wait of whoever waits on this connection: to them the server has hung up."""
    raw = wrapper.connection
    with suppress(Exception), socket.socket(fileno=os.dup(raw.pgconn.socket)) as line:
        line.shutdown(socket.SHUT_RDWR)  # what raises here has ended by itself in this moment


pulse = Pulse()
