"""The network's time: real time scaled, or a clock that a test moves by hand."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

LONGEST_NAP_S = 1.0
SETTLING_S = 20.0


class Clock(Protocol):
    """Seconds of the simulated network, and how its legs sleep through them."""

    breath_s: float  # between two rounds of something that takes no time of its own

    def now(self) -> float:
        """Simulated seconds since some beginning."""

    def sleep(self, change: threading.Condition, until: float) -> bool:
        """Sleep with `change` held until it is notified or a while has passed; False once the time has come."""

    def rouse(self, change: threading.Condition) -> None:
        """Wake, with `change` held, who sleeps on it."""

    def working(self) -> AbstractContextManager[None]:
        """Somebody does something meanwhile: a clock moved by hand waits for them."""


class ScaledClock:
    """Real time, `speed` times as long: 1 is real, 0 is at once."""

    def __init__(self, speed: float) -> None:
        self._speed = max(speed, 1e-6)
        self.breath_s = 0.05 / self._speed

    def now(self) -> float:
        """Real time, stretched."""
        return time.monotonic() / self._speed

    def sleep(self, change: threading.Condition, until: float) -> bool:
        """Sleep for real."""
        left = (until - self.now()) * self._speed
        if left <= 0:
            return False
        change.wait(min(left, LONGEST_NAP_S))
        return True

    def rouse(self, change: threading.Condition) -> None:
        """Ring."""
        change.notify_all()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Real time waits for nobody."""
        yield


@dataclass(slots=True, eq=False)
class _Sleeper:
    change: threading.Condition
    until: float
    woken: bool = False


class ManualClock:
    """Time stands still until a test moves it; then everybody does what is due, in order."""

    breath_s = 1.0

    def __init__(self) -> None:
        self._now = 0.0
        self._busy = 0
        self._sleepers: list[_Sleeper] = []
        self._quiet = threading.Condition()

    def now(self) -> float:
        """What the hand shows."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on, stopping at every moment for which somebody waits until they have done what they do."""
        target = self._now + seconds
        self.settle()
        while (moment := self._next()) <= target:
            self._wake(moment)
            self.settle()
        self._now = target

    def settle(self) -> None:
        """Wait, in real time, until everybody sleeps."""
        with self._quiet:
            if not self._quiet.wait_for(lambda: self._busy == 0, SETTLING_S):
                raise TimeoutError("somebody in the simulated network is still busy")

    def sleep(self, change: threading.Condition, until: float) -> bool:
        """Sleep until the hand is moved there, or until somebody rings."""
        sleeper = _Sleeper(change, until)
        with self._quiet:
            if until <= self._now:
                return False
            self._sleepers.append(sleeper)
            self._busy -= 1
            self._quiet.notify_all()
        change.wait()
        with self._quiet:
            if not sleeper.woken:
                self._sleepers.remove(sleeper)
                self._busy += 1
        return True

    def rouse(self, change: threading.Condition) -> None:
        """Ring, and count those who wake before they do anything."""
        with self._quiet:
            self._free([sleeper for sleeper in self._sleepers if sleeper.change is change])
        change.notify_all()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count somebody who is not asleep."""
        with self._quiet:
            self._busy += 1
        try:
            yield
        finally:
            with self._quiet:
                self._busy -= 1
                self._quiet.notify_all()

    def _next(self) -> float:
        with self._quiet:
            return min((sleeper.until for sleeper in self._sleepers), default=math.inf)

    def _wake(self, moment: float) -> None:
        with self._quiet:
            self._now = max(self._now, moment)
            due = [sleeper for sleeper in self._sleepers if sleeper.until <= moment]
            self._free(due)
        for sleeper in due:
            with sleeper.change:
                sleeper.change.notify_all()

    def _free(self, due: list[_Sleeper]) -> None:
        for sleeper in due:
            sleeper.woken = True
            self._sleepers.remove(sleeper)
            self._busy += 1
