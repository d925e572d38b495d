"""A server of the rig, taken away for a while: it hangs, or it is ended and comes back with its data."""

import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bench.rig import Rig
from contactcenter import servers

PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """Its processes as they are now, the first one first; whether it answers; the command that starts it again."""

    name: str
    processes: Callable[[], list[int]]
    answers: Callable[[], bool]
    command: Callable[[], list[str]]
    folder: Path

    @contextmanager
    def hangs(self) -> Iterator[None]:
        """Its sockets are there, and nobody answers."""
        with hanging(self.processes()):
            yield

    @contextmanager
    def ended(self, made: Rig, again: ExitStack) -> Iterator[None]:
        """Nobody is there, a connection is refused; afterwards it is started anew, until `again` is left."""
        self._end()
        try:
            yield
        finally:
            again.enter_context(made.spawned(self.command(), made.env, cwd=self.folder))
            again.callback(self._end)
            self._wait_until(there=True)

    def _end(self) -> None:
        """PostgreSQL and Redis both stop quickly, and properly, on SIGINT."""
        os.kill(self.processes()[0], signal.SIGINT)
        self._wait_until(there=False)

    def _wait_until(self, *, there: bool) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.answers() != there:
            if time.monotonic() > end:
                raise SystemExit(f"{self.name} {'did not come back' if there else 'does not end'}")
            time.sleep(0.02)


def redis(made: Rig) -> Server:
    """The rig's Redis."""
    folder = made.folder / "redis"
    port = urlsplit(made.env["REDIS_URL"]).port or 0
    return Server(
        name="Redis",
        processes=partial(redis_processes, made),
        answers=partial(servers.listens, port),
        command=lambda: [servers.redis_binary(), str(folder / "redis.conf")],
        folder=folder,
    )


def postgres(made: Rig) -> Server:
    """The rig's PostgreSQL; by which command it was started it keeps beside its data."""
    folder = made.folder / "postgresql"
    started_by = folder / "data/postmaster.opts"
    return Server(
        name="PostgreSQL",
        processes=partial(postgres_processes, made),
        answers=partial(servers.answers, folder / ".s.PGSQL.5432"),
        command=lambda: [*servers.as_owner(dying=True), *shlex.split(started_by.read_text())],
        folder=folder,
    )


def redis_processes(made: Rig) -> list[int]:
    return _holding(made.folder / "redis")


def postgres_processes(made: Rig) -> list[int]:
    first = int((made.folder / "postgresql/data/postmaster.pid").read_text().split()[0])
    return [first, *_children(first)]


@contextmanager
def hanging(processes: list[int]) -> Iterator[None]:
    """They hang for a while, as after SIGSTOP: their sockets are there, and nobody answers.

    One that ended in between, as PostgreSQL's own workers do, is passed over.
    """
    try:
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in reversed(processes):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


def _holding(folder: Path) -> list[int]:
    """The processes that were started with a file of this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
            where = os.readlink(process / "cwd")
        except OSError:
            continue
        if str(folder) in words or where == str(folder):
            found.append(int(process.name))
    return found


def _children(parent: int) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(process.name))
    return found
