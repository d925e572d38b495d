"""Child processes that open strangers' files: limited in memory, killed when they take too long.

A decoder that crashes, hangs or eats memory costs one file its preview, never the watcher, the worker or the page.
"""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from contactcenter.lifeline import die_with_parent

MEMORY_KB = 2_000_000
ROOT = Path(__file__).resolve().parent.parent
LIMITED = 'ulimit -v "$1" 2>/dev/null; shift; exec "$@"'  # not every system can limit memory; none needs it to work
QUIET = {"OMP_THREAD_LIMIT": "1", "PYTHONUNBUFFERED": "1"}


def limited(*command: str) -> list[str]:
    """The command under its memory limit."""
    return ["/bin/sh", "-c", LIMITED, "sh", str(MEMORY_KB), *command]


def environment() -> dict[str, str]:
    """What a child may know: where programs are and how text is written. No secret of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX") if name in os.environ}
    return kept | QUIET


def run(command: list[str], timeout: float) -> subprocess.CompletedProcess[bytes] | None:
    """Run a limited command to its end; None where it took too long and was killed with all it started."""
    child = subprocess.Popen(
        limited(*command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        out, err = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(child)
        return None
    except BaseException:
        _kill(child)
        raise
    return subprocess.CompletedProcess(command, child.returncode, out, err)


def found(program: str) -> bool:
    """Whether a program is on the PATH."""
    return shutil.which(program) is not None


class Press:
    """One `press` process, started when first asked and again after it has died. Use it as a context."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, what: str, timeout: float, **question: object) -> dict[str, Any] | None:
        """The answer, or None where the process died of the question or took too long over it."""
        child = self._child or self._start()
        try:
            assert child.stdin is not None
            child.stdin.write(json.dumps({"what": what, **question}).encode() + b"\n")
            child.stdin.flush()
            line = self._line(child, timeout)
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            self.close()
            return None
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._child is not None:
            _kill(self._child)
            self._child = None

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            limited(sys.executable, "-m", "paper_intake.press"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(),
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        return self._child

    @staticmethod
    def _line(child: subprocess.Popen[bytes], timeout: float) -> bytes:
        """One line of the answer, read as it comes, until the time is up or the process has gone."""
        assert child.stdout is not None
        line, end = b"", time.monotonic() + timeout
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([child.stdout], [], [], max(0.0, end - time.monotonic()))
            piece = os.read(child.stdout.fileno(), 65536) if ready else b""
            if not piece:
                break
            line += piece
        return line


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
