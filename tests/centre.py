"""A whole centre, started by `./run` in a folder and on ports of its own."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from contactcenter.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90.0


@dataclass(slots=True)
class Centre:
    """A data folder with its own ports, on which `./run` is started and ended."""

    data_dir: Path
    environment: dict[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['PORT']}"

    def start(self) -> float:
        """Start it and wait for `ready`; how long that took."""
        began = time.monotonic()
        with self.output.open("wb") as out:
            self.process = subprocess.Popen([ROOT / "run"], env=self.environment, stdout=out, stderr=out)
        while not any(line.startswith("ready ") for line in self.said()):
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < PATIENCE, self.output.read_text()
            time.sleep(0.05)
        return time.monotonic() - began

    def said(self) -> list[str]:
        """What it printed so far."""
        return self.output.read_text().splitlines()

    def end(self, signum: int) -> int:
        """Signal it, wait, and give its exit code."""
        assert self.process is not None
        self.process.send_signal(signum)
        return self.process.wait(60)

    def own_processes(self) -> list[str]:
        """Command lines of everything alive that was started for this data folder."""
        return list(self._own().values())

    def stop(self) -> None:
        """End whatever still runs for this folder, in whatever state a test has left it."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        for pid in self._own():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(20)

    def _own(self) -> dict[int, str]:
        mark = f"CC_DATA_DIR={self.data_dir}".encode()
        alive = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (place / "environ").read_bytes().split(b"\0"):
                    alive[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return alive


@contextmanager
def a_centre(folder: Path, **environment: str) -> Iterator[Centre]:
    """A centre that does not run yet; nothing of it survives."""
    data_dir = folder / "data"
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("CC_", "TWILIO_", "REDIS", "DATA"))
    }
    places = {"CC_DATA_DIR": str(data_dir), "PORT": str(free_port()), "CC_SMTP_PORT": str(free_port())}
    made = Centre(data_dir=data_dir, environment={**ours, **places, **environment}, output=folder / "said")
    try:
        yield made
    finally:
        made.stop()
