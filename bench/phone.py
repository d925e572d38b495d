"""`./run bench phone`: whole calls a second beside a bare view, and what callers hear while a server is away."""

import time
from contextlib import AbstractContextManager, ExitStack, nullcontext

from bench import away, sources
from bench.counting import counter
from bench.load import hammer
from bench.pacing import Answers, at_pace
from bench.rig import Rig, rig
from bench.tables import Line, beside, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

RATE = 20.0  # webhooks a second while something is away
WITHIN_MS = 3000  # for 99 of 100
WANTED, WITHIN = {"whole calls": 0.30}, {"whole calls": 50.0}
CALLS = "SELECT count(*) FROM ivr_call WHERE NOT outgoing"


def main(seconds: float) -> None:
    """On PostgreSQL: the rate of whole calls first, then each fault for a while."""
    with rig("postgresql") as made, ExitStack() as again, bare_view(made) as bare:
        with made.running("web"):
            _calls(made, 1.0)
            loop = insert_loop(made, "intake", 1.0)
            table("postgresql", [beside(lambda: _calls(made, seconds), bare)], loop, WANTED, WITHIN)
        say(f"while something is away      asked  valid   p50 ms   p99 ms   kept; wanted: 100 %, p99 < {WITHIN_MS} ms")
        with made.running("web", "voice"):
            _calls(made, 1.0)
            _stage(made, "nothing", nullcontext(), seconds)
            for server in (away.redis(made), away.postgres(made)):
                _stage(made, f"{server.name} hangs", server.hangs(), max(seconds, 10.0))
                _stage(made, f"{server.name} is stopped", server.ended(made, again), max(seconds, 10.0))


def _stage(made: Rig, what: str, fault: AbstractContextManager[None], seconds: float) -> None:
    before = counter(made, CALLS)()
    with fault:
        answers = at_pace(made, RATE, seconds, what)
        _told(what, answers, made)
    _carried_in(made, before + -(-answers.asked // sources.OF_A_CALL))


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


def _carried_in(made: Rig, wanted: int) -> None:
    """What was kept meanwhile is taken in, and no call is lost."""
    spool = made.data / "ivr-spool"
    end = time.monotonic() + 60
    while list(spool.glob("*.told")) and time.monotonic() < end:
        time.sleep(0.2)
    calls, left = counter(made, CALLS)(), len(list(spool.glob("*")))
    said = "" if left == 0 and calls == wanted else "   missed"
    say(f"    afterwards: {left} left to carry in; {calls} of {wanted} calls are there{said}")
