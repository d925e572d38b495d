"""How many pages PostgreSQL reads for one take of the next through HTTP, from the token to the answer.

`python -m bench.taking` prints them as JSON: statement → pages, the mean of some takes of as many agents.
"""

import json
import os
import sys
from collections import Counter
from http import HTTPStatus

import django
import psycopg

from bench.bare import address
from bench.many import copies, go_on_counting, last_id
from bench.rig import Rig, rig
from bench.tables import say

SMALL, LARGE, AGENTS = 1_000, 1_000_000, 50
TAKES, WARM = 20, 5
GROWS_TO = 1.10  # of what is read at SMALL
LANES = "(SELECT array_agg(id ORDER BY id) FROM routing_lane WHERE skills LIKE 'bench-%')"


def main(_seconds: float) -> None:
    """Measure at both sizes, beside each other; SystemExit where the long queue reads too much more."""
    with rig("postgresql") as made:
        made.python("-m", "bench.full_queue", str(SMALL), str(AGENTS))
        at_small = _taking(made)
        with psycopg.connect(address(made.url), autocommit=True) as connection:
            multiply(connection, LARGE - SMALL)
        at_large = _taking(made)
    say(f"pages read by one take at {SMALL} waiting and at {LARGE}")
    for statement in sorted(at_large, key=lambda one: -at_large[one]):
        say(f"  {at_small.get(statement, 0):6.1f} {at_large[statement]:6.1f}  {statement[:90]}")
    small, large = sum(at_small.values()), sum(at_large.values())
    say(f"  {small:6.1f} {large:6.1f}  in all: {large / small:.2f} (wanted {GROWS_TO:.2f})")
    if large > GROWS_TO * small:
        raise SystemExit("A take reads too much more of a long queue than of a short one.")


def _taking(made: Rig) -> dict[str, float]:
    with psycopg.connect(address(made.url), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    read: dict[str, float] = json.loads(made.python("-m", "bench.taking"))
    return read


def multiply(connection: psycopg.Connection, items: int) -> None:
    """So many more of what waits in a full queue, over its lanes and behind what waits there."""
    connection.execute("SET session_replication_role = replica")
    last = {name: last_id(connection, name) for name in ("tickets_ticket", "routing_workitem")}
    ticket = f"{last['tickets_ticket']} + n"
    copies(
        connection,
        "tickets_ticket",
        items,
        {"id": ticket, "reference": "'7' || lpad(n::text, 9, '0')"},
        among="reference LIKE '8%'",
    )
    changed = {
        "id": f"{last['routing_workitem']} + n",
        "ticket_id": ticket,
        "lane_id": f"{LANES}[1 + n % cardinality({LANES})]",
        "enqueued_at": "now() - interval '9 days' + n * interval '0.7 second'",
    }
    copies(
        connection,
        "routing_workitem",
        items,
        changed,
        among="state = 'waiting' AND kind = 'message' AND interaction_id IS NULL",
    )
    go_on_counting(connection, last)
    connection.execute("SET session_replication_role = DEFAULT")


def pages() -> dict[str, float]:
    """Pages read by each statement of a request; the fronts are marked before, as the clock does."""
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from bench.plans import pages_read
    from contactcenter.accounts.models import ApiToken, User
    from contactcenter.routing.fronts import mark_fronts
    from contactcenter.routing.models import Agent

    mark_fronts()
    Agent.objects.update(seen_at=timezone.now())
    read: Counter[str] = Counter()
    users = User.objects.filter(username__startswith="bench-").order_by("pk")[:TAKES]
    for number, token in enumerate([ApiToken.issue(user, "bench taking") for user in users]):
        with transaction.atomic(), pages_read() as of_one:
            asker = Client(SERVER_NAME="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {token}")
            if (status := asker.post("/api/v1/queue/next").status_code) != HTTPStatus.OK:
                raise RuntimeError(f"The answer was {status}: what was read says nothing.")
            transaction.set_rollback(True)  # as much is in hand for each
        if number >= WARM:
            read.update(of_one)
    return {statement: count / (TAKES - WARM) for statement, count in read.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    sys.stdout.write(json.dumps(pages()))
