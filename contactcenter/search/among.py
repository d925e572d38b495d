"""The newest of some tickets that have what somebody typed: a list that is filtered otherwise too, and stays a list.

As in `indexed.py`, a common word is looked up on the newest of them, and the inverted index is asked only for one that
is rare there. What came in the last moments has not been gathered yet: the few tickets with newer events than the
gathered ones are read themselves.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from contactcenter.search import indexed
from contactcenter.search.asked import in_one, number_in, points_in, reference_in
from contactcenter.search.models import Entry, Mark
from contactcenter.search.words import as_typed, in_groups, words
from contactcenter.tickets.models import Interaction, TicketEvent, TicketQuerySet

WINDOW = 5000  # of the newest tickets looked at for a word before the index is asked
FRESH = 2000  # of the newest events, if nobody gathers
MOST_WORDS = 12

_OF_OFFICES = """
    SELECT one.opened_at, one.id, office.id AS office_id FROM unnest(%s::bigint[]) AS office (id)
    CROSS JOIN LATERAL ({rows}) one
"""
_OF_ALL = "SELECT one.opened_at, one.id, 0 AS office_id FROM ({rows}) one"
# After `seen_from` no ticket of any office was left out; it is null where all of them were looked at.
_ON_NEWEST = """
    WITH newest AS MATERIALIZED ({newest}), bounds AS (
        SELECT max(oldest) AS seen_from FROM (
            SELECT min(opened_at) AS oldest FROM newest GROUP BY office_id HAVING count(*) = %s
        ) office
    )
    SELECT found.opened_at, found.id, bounds.seen_from IS NULL FROM bounds LEFT JOIN LATERAL (
        SELECT one.opened_at, one.id FROM (SELECT * FROM newest ORDER BY opened_at DESC, id DESC OFFSET 0) one
        CROSS JOIN LATERAL (
            SELECT FROM search_entry entry WHERE entry.ticket_id = one.id AND entry.lexemes @@ %s::tsquery OFFSET 0
        ) matching
        WHERE bounds.seen_from IS NULL OR one.opened_at > bounds.seen_from
        ORDER BY one.opened_at DESC, one.id DESC LIMIT %s
    ) found ON true
"""
_EVERYWHERE = """
    WITH matching AS MATERIALIZED (SELECT ticket_id FROM search_entry WHERE lexemes @@ %s::tsquery) {rows}
"""
_Found = list[tuple[datetime, int]]


def newest_with(rows: TicketQuerySet, q: str, *, offices: Collection[int] | None, most: int) -> list[int]:
    """The ids of the newest of these tickets with this reference, of whoever has this address or number, or with all
    these words: of what was said, of names, notes and tags. A reference that is not among them leads where it went.

    `offices` are the reader's, None where there is no limit: as in the search, words find only what lies there.
    """
    number, points, wanted = reference_in(q), points_in(q), words(q)[:MOST_WORDS]
    if number:
        return [ticket.pk for ticket in rows.filter(reference=number) or rows.filter(merged__reference=number)]
    found = _first(rows.filter(person__in=points.values("person")), most) if points is not None else []
    if wanted:
        numbers = in_one(number_in(q))
        found += _first(_not_gathered(rows, as_typed(q)[:MOST_WORDS], numbers), most)
        found += _gathered(rows, [[number] for number in numbers] or [wanted], offices, most)
    return [pk for _opened_at, pk in sorted(set(found), reverse=True)[:most]]


def not_gathered() -> set[int]:
    """The tickets on which something happened in the last moments."""
    mark = Coalesce(Subquery(Mark.objects.filter(pk=1).values("event_id")), 0)
    return set(TicketEvent.objects.filter(pk__gt=mark).order_by("-pk").values_list("ticket", flat=True)[:FRESH])


def _not_gathered(rows: TicketQuerySet, typed: Sequence[str], numbers: Sequence[str]) -> TicketQuerySet:
    """Those of the last moments in which one of the numbers stands, or else all the words; № is no word as typed."""
    if numbers:
        has = [_stands_in("|".join(map(in_groups, numbers)), "regex")]
    else:
        has = [_stands_in(word, "icontains") for word in typed]
    return rows.filter(*has, pk__in=not_gathered()) if has else rows.none()


def _stands_in(what: str, lookup: str) -> Q:
    said = Interaction.objects.filter(ticket=OuterRef("pk"), **{f"text__{lookup}": what})
    return Q(**{f"subject__{lookup}": what}) | Q(Exists(said))


def _gathered(
    rows: TicketQuerySet, wanted: Sequence[Sequence[str]], offices: Collection[int] | None, most: int
) -> _Found:
    if offices is not None and not offices:
        return []
    if connection.vendor != "postgresql":
        return _first(rows.filter(pk__in=Entry.objects.with_words(wanted).values("pk")), most)
    found, are_all = _on_newest(rows, wanted, offices, most)
    if are_all or len(found) == most:
        return found
    matching = _ordered(rows.filter(pk__in=RawSQL("SELECT ticket_id FROM matching", [])))[:most]
    sql, values = matching.values("opened_at", "id").query.sql_with_params()
    return _asked(_EVERYWHERE.format(rows=sql), [indexed.tsquery(wanted, offices), *values])


def _on_newest(
    rows: TicketQuerySet, wanted: Sequence[Sequence[str]], offices: Collection[int] | None, most: int
) -> tuple[_Found, bool]:
    """Those among the newest tickets, and whether none but these was left to look at."""
    if offices is None:
        template, window, which = _OF_ALL, WINDOW, []
    else:
        template, window, which = _OF_OFFICES, indexed.share_of(WINDOW, offices), [sorted(offices)]
        rows = rows.filter(office=RawSQL("office.id", []))
    sql, values = _ordered(rows)[:window].values("opened_at", "id").query.sql_with_params()
    statement = _ON_NEWEST.format(newest=template.format(rows=sql))
    found = _asked(statement, [*which, *values, window, indexed.tsquery(wanted), most])
    return [(opened_at, pk) for opened_at, pk, _are_all in found if pk is not None], found[0][2]


def _first(rows: TicketQuerySet, most: int) -> _Found:
    return list(_ordered(rows).values_list("opened_at", "id")[:most])


def _ordered(rows: TicketQuerySet) -> TicketQuerySet:
    return rows.order_by("-opened_at", "-id")


def _asked(statement: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
