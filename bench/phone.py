"""`./run bench phone`: whole calls a second beside a bare view, and what callers hear while a server hangs."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench import sources
from bench.counting import counter
from bench.load import hammer
from bench.pacing import Answers, at_pace
from bench.rig import Rig, rig
from bench.tables import Line, beside, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

RATE = 20.0  # webhooks a second while something is away
WITHIN_MS = 3000  # for 99 of 100
WANTED = {"whole calls": 0.30}


def main(seconds: float) -> None:
    """On PostgreSQL: the rate of whole calls first, then each fault for a while."""
    with rig("postgresql") as made, bare_view(made) as bare:
        with made.running("web"):
            _calls(made, 1.0)
            loop = insert_loop(made, "intake", 1.0)
            table("postgresql", [beside(lambda: _calls(made, seconds), bare)], loop, WANTED)
        say(f"while something is away      asked  valid   p50 ms   p99 ms   kept; wanted: 100 %, p99 < {WITHIN_MS} ms")
        with made.running("web", "voice"):
            _calls(made, 1.0)
            _told("nothing", at_pace(made, RATE, seconds, "none"), made)
            for what, processes in (("Redis", redis_processes), ("PostgreSQL", postgres_processes)):
                with stopped(processes(made)):
                    _told(f"{what} hangs", at_pace(made, RATE, max(seconds, 10.0), what), made)
                _carried_in(made)


def _calls(made: Rig, seconds: float) -> Line:
    base, secret = made.env["CC_PUBLIC_BASE_URL"], made.env["TWILIO_AUTH_TOKEN"]
    mark = str(time.monotonic())
    clients = [sources.whole_calls(base, secret, f"{mark}-{number}-") for number in range(CLIENTS)]
    tally = hammer(made.port, clients, seconds)
    failed = sum(count for status, count in tally.statuses.items() if status not in (200, 204))
    good = sum(tally.statuses.values()) - failed
    return Line(what="whole calls", rate=good / tally.seconds, p95_ms=tally.quantile(0.95), failed=failed)


def _told(what: str, answers: Answers, made: Rig) -> None:
    kept = len(list((made.data / "ivr-spool").glob("*.told")))
    valid = f"{100 * answers.valid / max(1, answers.asked):.1f} %"
    p50, p99 = answers.quantile(0.5), answers.quantile(0.99)
    holds = answers.valid == answers.asked and p99 < WITHIN_MS
    said = "" if holds else "   missed"
    say(f"  {what:24}{answers.asked:>8}{valid:>8}{p50:>9.0f}{p99:>9.0f}{kept:>7}{said}")


def _carried_in(made: Rig) -> None:
    """What was kept meanwhile becomes tickets, one for each call."""
    spool = made.data / "ivr-spool"
    end = time.monotonic() + 60
    while list(spool.glob("*.told")) and time.monotonic() < end:
        time.sleep(0.2)
    calls = counter(made, "SELECT count(*) FROM ivr_call WHERE NOT outgoing")()
    tickets = counter(made, "SELECT count(DISTINCT ticket_id) FROM ivr_call WHERE NOT outgoing")()
    left = len(list(spool.glob("*")))
    say(f"    afterwards: {left} left to carry in; {calls} calls on {tickets} tickets")


def redis_processes(made: Rig) -> list[int]:
    return _holding(made.folder / "redis")


def postgres_processes(made: Rig) -> list[int]:
    first = int((made.folder / "postgresql/data/postmaster.pid").read_text().split()[0])
    return [first, *_children(first)]


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


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
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
