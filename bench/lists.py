"""`./run bench lists`: the first page of every list, at 100,000 and at 1,000,000 tickets of 20 offices.

One agent and one clerk of one office ask, and somebody who sees all of them. The same pages of the centre as it was
seeded, a handful of tickets, are the baseline of the same run.
"""

import itertools
import json
from contextlib import ExitStack
from dataclasses import dataclass

from bench.load import Tally, get, hammer
from bench.many import OFFICES, lay
from bench.rig import Rig, rig
from bench.tables import say

SIZES = ((100_000, 40), (1_000_000, 60))  # tickets, p95 wanted in ms
ASKED = 25  # times that each page is asked for, by one client at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A page with a list on it, and who asks: by a token, or by a session."""

    path: str
    token: bool = False
    everywhere: bool = False


LISTS = (
    List(path="/api/v1/tickets", token=True),
    List(path="/api/v1/tickets?state=open", token=True),
    List(path="/api/v1/tickets?state=waiting", token=True),
    List(path="/api/v1/tickets?channel=paper", token=True),
    List(path="/api/v1/tickets?q=introuvable", token=True),
    List(path="/api/v1/tickets", token=True, everywhere=True),
    List(path="/api/v1/tickets?state=waiting", token=True, everywhere=True),
    List(path="/api/v1/queue", token=True),
    List(path="/api/v1/queue?channel=paper", token=True),
    List(path="/api/v1/search?q=demande", token=True),
    List(path="/api/v1/procedures", token=True),
    List(path="/desk/"),
    List(path="/desk/queue/"),
    List(path="/desk/requests/"),
    List(path="/desk/requests/?whose=all"),
    List(path="/desk/requests/?whose=all&state=waiting"),
    List(path="/desk/search/?q=demande"),
    List(path="/desk/incidents/"),
    List(path="/mailroom/"),
    List(path="/mailroom/letters/"),
    List(path="/mailroom/places/?q=bac"),
)


def main(seconds: float) -> None:
    """PostgreSQL alone: nobody keeps a million tickets in SQLite."""
    with ExitStack() as stack:
        made = stack.enter_context(rig("postgresql"))
        laid = json.loads(made.python("-m", "bench.laying", "0", "1"))
        stack.enter_context(made.running("web"))
        before = {one: _asked(made, one, laid) for one in LISTS}
        there = 0
        for size, wanted in SIZES:
            lay(made, size - there)
            there = size
            say(f"\n{size} tickets of {OFFICES} offices: p95 ms (wanted {wanted}); beside it, the same page of a few")
            for one in LISTS:
                _told(one, _asked(made, one, laid), before[one])


def _asked(made: Rig, one: List, laid: dict[str, list[str]]) -> Tally:
    token = made.token if one.everywhere else laid["tokens"][0]
    header = f"Authorization: Bearer {token}" if one.token else f"Cookie: sessionid={laid['sessions'][0]}"
    request = get(one.path, header, "Accept-Language: fr")
    hammer(made.port, [itertools.repeat(request, 5)], 20.0)
    return hammer(made.port, [itertools.repeat(request, ASKED)], 20.0)


def _told(one: List, tally: Tally, before: Tally) -> None:
    who = "of all offices" if one.everywhere else "of one office"
    failed = sum(tally.statuses.values()) - tally.good
    times = f"half {tally.quantile(0.5):6.0f}  p95 {tally.quantile(0.95):6.0f}  few {before.quantile(0.95):6.0f}"
    say(f"  {one.path:34} {who:15} {times}  failed {failed}")
