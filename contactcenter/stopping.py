"""Being told to stop, for a process that looks round every few seconds (SIGTERM and SIGINT)."""

import os
import select
import signal
from contextlib import suppress


class Stop:
    """Whether this process was told to stop.

    A handler runs between two steps of the very code that it interrupts. `threading.Event.set()` there waits for a lock
    that an interrupted `wait()` may hold, and the process hangs for ever; a byte in a pipe needs no lock.
    """

    def __init__(self) -> None:
        self.told = False
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._mouth, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def wait(self, seconds: float) -> bool:
        """Wait until told, at most `seconds`; whether it was told."""
        if not self.told:
            select.select([self._ear], [], [], seconds)
        return self.told

    def _hear(self, *_: object) -> None:
        self.told = True
        with suppress(BlockingIOError):  # full: it will be heard anyway
            os.write(self._mouth, b"\0")
