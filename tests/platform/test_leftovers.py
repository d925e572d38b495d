"""Where the kernel does not end what a killed supervisor left, the next start does."""

import subprocess
import sys
from pathlib import Path

import pytest

from contactcenter import leftovers


def a_sleeper() -> subprocess.Popen[bytes]:
    """A process of its own session, as the supervisor starts them."""
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)


def test_what_was_noted_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "PATIENCE", 0.2)  # our own child stays a number until we wait for it
    (tmp_path / "run").mkdir()
    left = a_sleeper()
    leftovers.note(tmp_path, [(left.pid, ["python", "-c", "import time; time.sleep(60)"])])

    leftovers.end(tmp_path)

    assert left.wait(30) == -9


def test_a_number_that_another_program_has_now_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    other = a_sleeper()
    leftovers.note(tmp_path, [(other.pid, ["python", "manage.py", "web"])])

    leftovers.end(tmp_path)

    assert other.poll() is None
    other.kill()
    other.wait()
