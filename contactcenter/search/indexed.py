"""Words looked up on PostgreSQL: a common one among the newest tickets, a rare one in the inverted index.

The index answers with all tickets that have the words, in no order. For a word that is in every second ticket all of
them would be fetched to find the newest thirty; those stand among the last that came in. So these are looked at first,
and the index is asked only where they do not suffice, when the words are rare enough. Each statement leaves the planner
one way, since what is cheap turns on the words, which it does not see once a statement is prepared.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from contactcenter.search.words import by_beginning, office_word
from contactcenter.tickets.models import TicketQuerySet

WINDOW = 5000  # of the newest tickets looked at, shared by the offices
SHARE = 200  # of them for each office, at least
AFTER_ALL = 2**62

_OF_OFFICES = """
    SELECT one.id, office.id AS office_id FROM unnest(%(offices)s::bigint[]) AS office (id)
    CROSS JOIN LATERAL (
        SELECT ticket.id FROM tickets_ticket ticket WHERE ticket.office_id = office.id AND ticket.id < %(before)s
        ORDER BY ticket.id DESC LIMIT %(window)s
    ) one ORDER BY one.id DESC
"""
_OF_ALL = """
    SELECT ticket.id, 0 AS office_id FROM tickets_ticket ticket WHERE ticket.id < %(before)s
    ORDER BY ticket.id DESC LIMIT %(window)s
"""
# Down to `seen_from` no newer ticket of any office was left out: where an office has more than its window, its oldest.
_NEWEST = """
    WITH newest AS MATERIALIZED ({tickets}), bounds AS (
        SELECT coalesce(max(oldest), 0) AS seen_from FROM (
            SELECT min(id) AS oldest FROM newest GROUP BY office_id HAVING count(*) = %(window)s
        ) office
    )
    SELECT one.id FROM bounds CROSS JOIN (SELECT id FROM newest ORDER BY id DESC OFFSET 0) one CROSS JOIN LATERAL (
        SELECT FROM search_entry entry
        WHERE entry.ticket_id = one.id AND entry.lexemes @@ %(words)s::tsquery OFFSET 0
    ) matching
    WHERE one.id >= bounds.seen_from ORDER BY one.id DESC LIMIT %(most)s
"""
_NEWEST_OF_OFFICES, _NEWEST_OF_ALL = _NEWEST.format(tickets=_OF_OFFICES), _NEWEST.format(tickets=_OF_ALL)
_EVERYWHERE = """
    WITH matching AS MATERIALIZED (SELECT ticket_id FROM search_entry WHERE lexemes @@ %(words)s::tsquery)
    SELECT ticket_id FROM matching WHERE ticket_id < %(before)s ORDER BY ticket_id DESC LIMIT %(most)s
"""
_OF_THESE = """
    SELECT one.id FROM ({rows}) one CROSS JOIN LATERAL (
        SELECT FROM search_entry entry WHERE entry.ticket_id = one.id AND entry.lexemes @@ %s::tsquery OFFSET 0
    ) matching
    ORDER BY one.id DESC LIMIT %s
"""


def matching(
    wanted: Sequence[Sequence[str]], offices: Collection[int] | None, most: int, before: int | None
) -> list[int]:
    """The newest tickets of these offices (None: of all) with all the words of one spelling; `before` goes on there."""
    if offices is not None and not offices:
        return []
    asked = {"words": tsquery(wanted), "before": AFTER_ALL if before is None else before, "most": most}
    newest = _among_newest(offices, asked)
    if len(newest) == most:
        return newest
    return _asked(_EVERYWHERE, asked | {"words": tsquery(wanted, offices)})


def _among_newest(offices: Collection[int] | None, asked: dict[str, Any]) -> list[int]:
    if offices is None:
        return _asked(_NEWEST_OF_ALL, asked | {"window": WINDOW})
    window = share_of(WINDOW, offices)
    return _asked(_NEWEST_OF_OFFICES, asked | {"offices": sorted(offices), "window": window})


def of_these(rows: TicketQuerySet, wanted: Sequence[Sequence[str]], most: int) -> list[int]:
    """The newest of these tickets with all the words of one spelling, looked up one by one until there are enough."""
    try:
        sql, values = rows.order_by("-id").values("id").query.sql_with_params()
    except EmptyResultSet:  # known without asking, as of who serves no office
        return []
    return _asked(_OF_THESE.format(rows=sql), [*values, tsquery(wanted), most])


def share_of(window: int, offices: Collection[int]) -> int:
    """How many of the newest tickets of each office are looked at."""
    return max(SHARE, window // len(offices))


def _asked(statement: str, values: dict[str, Any] | list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def tsquery(wanted: Sequence[Sequence[str]], offices: Collection[int] | None = None) -> str:
    """The words of one spelling or of another as PostgreSQL reads them; with offices, only tickets of theirs."""
    asked = " | ".join(" & ".join(map(_lexeme, spelling)) for spelling in wanted)
    if not offices:
        return asked
    theirs = " | ".join(f"'{office_word(pk)}'" for pk in sorted(offices))
    return f"({asked}) & ({theirs})"


def _lexeme(word: str) -> str:
    return f"'{word}':*" if by_beginning(word) else f"'{word}'"
