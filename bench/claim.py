"""`./run bench claim`: how many work items a second are taken through HTTP, each one once.

On both databases 1, 8 and 32 agents take from a plain queue. On PostgreSQL then the queue of a bad month: 100,000 items
in 200 lanes, taken by 8 agents as fast as they can, and asked for by 50 who come at fixed times.
"""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg

from bench import skipping
from bench.arrivals import arriving
from bench.bare import address
from bench.counting import counter
from bench.load import Tally, hammer, post
from bench.rig import DATABASES, Rig, rig
from bench.tables import Line, beside, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

AGENTS = (1, 8, 32)
PER_SECOND = 600  # work items laid out for each second of a stretch, more than can be taken
TWICE = "SELECT count(*) - count(DISTINCT work_item_id) FROM routing_assignment"  # nothing here is ever given back
FULL = 100_000
MANY_AGENTS, TOGETHER = 50, 150.0  # who ask so many times a second together
# What was taken a moment ago is done: agents who gather all they take are not what is measured here.
FINISH = """
    WITH over AS (
        UPDATE routing_assignment SET ended_at = now(), why_ended = 'done'
        WHERE ended_at IS NULL AND lease_until IS NOT NULL AND started_at < now() - interval '1 second'
        RETURNING work_item_id
    )
    UPDATE routing_workitem SET state = 'done', stage = '', done_at = now() FROM over WHERE id = over.work_item_id
"""


def main(seconds: float) -> None:
    """Measure on both databases; print one table for each, then the full queue."""
    for database in DATABASES:
        with rig(database) as made, bare_view(made) as bare:
            loop = insert_loop(made, "claim", 2.0)
            say(f"{database}: a loop of the writes of one claim, nothing around it: {loop:.0f}/s")
            lines = _claims(made, seconds, bare)
        table(database, lines, loop, {f"{agents} agents": 0.25 for agents in AGENTS})
    full_queue(seconds)


def full_queue(seconds: float) -> None:
    """The queue of a bad month, beside a loop that does nothing but skip what is locked."""
    with rig("postgresql") as made:
        tokens = json.loads(made.python("-m", "bench.full_queue", str(FULL), str(MANY_AGENTS)))["tokens"]
        with psycopg.connect(address(made.url), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
        say(f"\n{FULL} waiting in 200 lanes, 40 of them each agent's; {MANY_AGENTS} agents there, calls, reserve, cap")
        with made.running("web"), _finishing(made), bare_view(made) as bare:
            hammer(made.port, [_next(token) for token in tokens[:CLIENTS]], 1.0)
            _told("a bare loop, 8 clients", skipping.loop(made, FULL, 8, seconds / 2), "")
            before = bare() if bare else 0.0
            taken = hammer(made.port, list(map(_next, tokens[:8])), seconds)
            view = (before + bare()) / 2 if bare else 0.0
            _told("8 agents, one after another", taken, "250/s, 40")
            say(f"  of the bare view, {view:.0f}/s just before and after: {taken.rate / view:.2f} (wanted 0.25)")
            together = arriving(made.port, [next(_next(token)) for token in tokens], TOGETHER, 2 * seconds)
            _told(f"{MANY_AGENTS} agents, {TOGETHER:.0f} a second", together, "150")
        say(f"  {counter(made, TWICE)()} items were taken twice")


@contextmanager
def _finishing(made: Rig) -> Iterator[None]:
    enough = threading.Event()

    def finish() -> None:
        with psycopg.connect(address(made.url), autocommit=True) as connection:
            while not enough.wait(0.5):
                connection.execute(FINISH.encode())

    thread = threading.Thread(target=finish)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _told(what: str, tally: Tally, wanted: str) -> None:
    missed = sum(tally.statuses.values()) - tally.good
    times = f"half {tally.quantile(0.5):6.1f} ms  p95 {tally.quantile(0.95):6.1f} ms"
    goal = f"  (wanted {wanted} ms)" if wanted else ""
    say(f"  {what:28} {tally.rate:6.0f}/s  {times}  without an item {missed}{goal}")


def _claims(made: Rig, seconds: float, bare: Callable[[], float] | None) -> list[Line]:
    count = int(PER_SECOND * (seconds + 1) * len(AGENTS))
    tokens = json.loads(made.python("-m", "bench.laying", str(count), str(max(AGENTS))))["tokens"]
    with made.running("web"):
        hammer(made.port, [_next(token) for token in tokens[:CLIENTS]], 0.5)
        lines = [beside(partial(_line, made, tokens[:agents], seconds), bare) for agents in AGENTS]
    say(f"{made.database}: {counter(made, TWICE)()} items were taken twice")
    return lines


def _line(made: Rig, tokens: list[str], seconds: float) -> Line:
    tally: Tally = hammer(made.port, [_next(token) for token in tokens], seconds)
    failed = sum(tally.statuses.values()) - tally.good
    return Line(what=f"{len(tokens)} agents", rate=tally.rate, p95_ms=tally.quantile(0.95), failed=failed)


def _next(token: str) -> Iterator[bytes]:
    request = post("/api/v1/queue/next", b"", "application/json", f"Authorization: Bearer {token}")
    return itertools.repeat(request)
