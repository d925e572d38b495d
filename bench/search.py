"""`./run bench search`: a million interactions, four who search at once, with and without rights to look at."""

import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import md5
from urllib.parse import quote

import psycopg

from bench.bare import address
from bench.load import Tally, get, hammer
from bench.rig import Rig, rig
from bench.tables import say

TICKETS = 500_000
OFFICES = 20
VOCABULARY = 50_000  # words; how often one is said falls with its rank, as in any language
WORDS_EACH = 14
CLIENTS = 4
ASKED = ((3,), (40, 7), (900,), (12, 2500), (31000,), (5, 6, 8))  # words by their rank: 3 is in every second ticket
LAY = f"""
INSERT INTO offices_office (slug, name, service, address, email, phone, timezone, department)
    SELECT 'office-' || n, 'Office ' || n, 'Service', 'Place', 'o' || n || '@bench.example', '', 'Europe/Paris', ''
    FROM generate_series(1, {OFFICES}) n;
CREATE TEMP TABLE here AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM offices_office;
INSERT INTO tickets_ticket (reference, follow_code, office_id, legal_nature, state, channel, subject, language,
                            opened_at, due_at, disposition)
    SELECT '7' || lpad(number::text, 9, '0'), '', here.id, 'assistance', 'open', 'email', 'Demande ' || number, 'fr',
           now() - number * interval '1 minute', now(), ''
    FROM generate_series(1, {TICKETS}) number JOIN here ON here.n = number % (SELECT count(*) FROM here);
INSERT INTO tickets_interaction (ticket_id, direction, channel, occurred_at, subject, text, language, raw_sha256, actor)
    SELECT id, 'in', 'email', opened_at, '', said.text, 'fr', '', 'person'
    FROM tickets_ticket CROSS JOIN generate_series(1, 2) twice CROSS JOIN LATERAL (
        SELECT string_agg('w' || left(md5(floor({VOCABULARY} ^ random())::int::text), 7), ' ') AS text
        FROM generate_series(1, {WORDS_EACH} + 0 * twice + 0 * tickets_ticket.id)
    ) said WHERE reference LIKE '7%';
INSERT INTO search_entry (ticket_id, words, event_id)
    SELECT ticket.id, 'office_' || ticket.office_id || ' ' || string_agg(DISTINCT word, ' '), 1
    FROM tickets_ticket ticket JOIN tickets_interaction said ON said.ticket_id = ticket.id
    CROSS JOIN LATERAL unnest(string_to_array(said.text, ' ')) word
    WHERE ticket.reference LIKE '7%' GROUP BY ticket.id, ticket.office_id;
ANALYZE;
"""


def main(seconds: float) -> None:
    """PostgreSQL alone: nobody keeps a million interactions in SQLite."""
    with ExitStack() as stack:
        made = stack.enter_context(rig("postgresql"))
        say(f"laying {2 * TICKETS} interactions of {OFFICES} offices ...")
        with psycopg.connect(address(made.url), autocommit=True) as connection:
            for statement in LAY.split(";\n"):
                if statement.strip():
                    connection.execute(statement.encode())
        tokens = json.loads(made.python("-m", "bench.laying", "0", str(CLIENTS)))["tokens"]
        stack.enter_context(made.running("web"))
        _told(f"{CLIENTS} agents of 1 of {OFFICES} offices", _searched(made, tokens, seconds))
        _told("the same without rights to look at", _searched(made, [made.token] * CLIENTS, seconds))


def _searched(made: Rig, tokens: list[str], seconds: float) -> Tally:
    hammer(made.port, [_asking(token, 0) for token in tokens], 1.0)
    return hammer(made.port, [_asking(token, number) for number, token in enumerate(tokens)], seconds)


def _asking(token: str, first: int) -> Iterator[bytes]:
    asked = itertools.cycle(ASKED[first:] + ASKED[:first])
    return (
        get(f"/api/v1/search?q={quote(_said(ranks))}&limit=30", f"Authorization: Bearer {token}") for ranks in asked
    )


def _said(ranks: tuple[int, ...]) -> str:
    return " ".join(f"w{md5(str(rank).encode(), usedforsecurity=False).hexdigest()[:7]}" for rank in ranks)


def _told(who: str, tally: Tally) -> None:
    failed = sum(tally.statuses.values()) - tally.good
    half = tally.quantile(0.5)
    say(f"{who}: {tally.rate:.0f}/s, half within {half:.0f} ms, p95 {tally.quantile(0.95):.0f} ms, failed {failed}")
