"""`./run bench claim`: how many work items a second are taken through HTTP by 1, 8 and 32 agents, each one once."""

import itertools
import json
from collections.abc import Iterator

from bench.counting import counter
from bench.load import Tally, hammer, post
from bench.rig import DATABASES, Rig, rig
from bench.tables import Line, say, table
from bench.yardstick import CLIENTS, bare_view, insert_loop

AGENTS = (1, 8, 32)
PER_SECOND = 600  # work items laid out for each second of a stretch, more than can be taken
TWICE = (
    "SELECT count(*) FROM (SELECT work_item_id FROM routing_assignment WHERE ended_at IS NULL "
    "GROUP BY work_item_id HAVING count(*) > 1) AS twice"
)


def main(seconds: float) -> None:
    """Measure on both databases; print one table for each."""
    yardstick = 0.0
    for database in DATABASES:
        with rig(database) as made:
            if database == "postgresql":
                tally = bare_view(made, seconds)
                yardstick = tally.rate
                say(f"bare view: {tally.rate:.0f} requests/s, p95 {tally.quantile(0.95):.1f} ms ({CLIENTS} clients)")
            loop = insert_loop(made, "claim", 2.0)
            say(f"{database}: a loop of the writes of one claim, nothing around it: {loop:.0f}/s")
            lines = _claims(made, seconds)
        table(database, lines, yardstick, loop, {f"{agents} agents": 0.25 for agents in AGENTS})


def _claims(made: Rig, seconds: float) -> list[Line]:
    count = int(PER_SECOND * (seconds + 1) * len(AGENTS))
    laid = json.loads(made.python("-m", "bench.laying", str(count), str(max(AGENTS))))
    made.start("web", port=made.port)
    hammer(made.port, [_next(token) for token in laid["tokens"][:CLIENTS]], 0.5)
    lines = [_line(made, laid["tokens"][:agents], seconds) for agents in AGENTS]
    twice = counter(made, TWICE)()
    say(f"{made.database}: {twice} items were taken twice")
    return lines


def _line(made: Rig, tokens: list[str], seconds: float) -> Line:
    tally: Tally = hammer(made.port, [_next(token) for token in tokens], seconds)
    failed = sum(tally.statuses.values()) - tally.good
    return Line(what=f"{len(tokens)} agents", rate=tally.rate, p95_ms=tally.quantile(0.95), failed=failed)


def _next(token: str) -> Iterator[bytes]:
    request = post("/api/v1/queue/next", b"", "application/json", f"Authorization: Bearer {token}")
    return itertools.repeat(request)
