"""`./run bench claim`: how many work items a second are taken through HTTP by 1, 8 and 32 agents, each one once."""

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial

from bench.counting import counter
from bench.load import Tally, hammer, post
from bench.rig import DATABASES, Rig, rig
from bench.tables import Line, beside, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

AGENTS = (1, 8, 32)
PER_SECOND = 600  # work items laid out for each second of a stretch, more than can be taken
TWICE = (
    "SELECT count(*) FROM (SELECT work_item_id FROM routing_assignment WHERE ended_at IS NULL "
    "GROUP BY work_item_id HAVING count(*) > 1) AS twice"
)


def main(seconds: float) -> None:
    """Measure on both databases; print one table for each."""
    for database in DATABASES:
        with rig(database) as made, bare_view(made) as bare:
            loop = insert_loop(made, "claim", 2.0)
            say(f"{database}: a loop of the writes of one claim, nothing around it: {loop:.0f}/s")
            lines = _claims(made, seconds, bare)
        table(database, lines, loop, {f"{agents} agents": 0.25 for agents in AGENTS})


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
