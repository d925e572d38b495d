"""A demo of its own beside whatever runs, in a folder that is gone afterwards, where it is late in the morning."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from contactcenter.servers import free_port
from contactcenter.supervisor import ROOT

MORNING = 11  # o'clock: an office in full work, whenever it is looked at
PATIENCE = 30  # seconds that it may take to stop
NOT_ITS_OWN = ("CC_", "TWILIO_", "REDIS_", "DATABASE_")


@contextmanager
def a_demo_apart() -> Iterator[dict[str, str]]:
    """Start it, and give the environment in which commands find it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_ITS_OWN)}
        environment |= {"CC_DEMO": "1", "CC_DATA_DIR": folder, "CC_TIME_ZONE": where_it_is_morning(datetime.now(UTC))}
        environment |= {"PORT": str(free_port()), "CC_SMTP_PORT": str(free_port())}
        command = [sys.executable, "-m", "contactcenter.supervisor"]
        running = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            _until_ready(running)
            yield environment
        finally:
            running.terminate()
            running.wait(PATIENCE)


def where_it_is_morning(now: datetime) -> str:
    """The time zone in which it is about eleven o'clock."""
    ahead = MORNING - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


def _until_ready(running: "subprocess.Popen[str]") -> None:
    assert running.stdout is not None
    if not any(line.startswith("ready") for line in running.stdout):
        raise RuntimeError("The demo did not start: see above.")
