"""What a killed process supervisor left running. On Linux the kernel ends it; elsewhere the next start does."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

PATIENCE = 5.0


def note(data_dir: Path, running: list[tuple[int, list[str]]]) -> None:
    """Write down which processes are ours."""
    file = _file(data_dir)
    new = file.with_suffix(".new")
    new.write_text(json.dumps([[pid, command] for pid, command in running]))
    new.replace(file)


def forget(data_dir: Path) -> None:
    """All have ended."""
    _file(data_dir).unlink(missing_ok=True)


def end(data_dir: Path) -> None:
    """End what is still there of the last start, and wait until it has gone; a number that another has now is left."""
    file = _file(data_dir)
    if not file.exists():
        return
    ours = [int(pid) for pid, command in json.loads(file.read_text()) if _runs(int(pid), command)]
    for pid in ours:
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    until = time.monotonic() + PATIENCE
    while any(_is_there(pid) for pid in ours) and time.monotonic() < until:
        time.sleep(0.1)
    forget(data_dir)


def _runs(pid: int, command: list[str]) -> bool:
    """Whether this process still is the one we started: its command line says so."""
    seen = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(seen.stdout.strip()) and all(word in seen.stdout for word in command[1:])


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _file(data_dir: Path) -> Path:
    return data_dir / "run" / "processes.json"
