"""The oldest open work of one kind, bounded by the rights of who reads.

A lane is in order by itself, so on PostgreSQL as many are read of each lane as are wanted in all: that costs the number
of lanes, however much lies there. On SQLite the lanes' open work is read and put in order.
"""

from datetime import UTC, datetime
from json import dumps

from django.db import connection

from contactcenter.accounts.principal import Principal
from contactcenter.routing.models import Kind, WorkItem

BEFORE_ALL = (datetime(1, 1, 2, tzinfo=UTC), 0)
PAPER = {  # what has to be there for the work to be done
    Kind.SCAN_CHECK: "SELECT 1 FROM paper_intake_scan scan WHERE scan.interaction_id = item.interaction_id",
    Kind.LETTER_TO_POST: "SELECT 1 FROM paper_intake_letter letter WHERE letter.work_item_id = item.id",
}
# Written as the partial index is, word for word: else SQLite does not know it again.
_OF_KIND = """
    SELECT item.id, item.enqueued_at FROM routing_workitem item
    WHERE item.kind = %(kind)s AND {in_lanes} AND NOT (item.state = 'done') AND item.state <> 'scheduled'
      AND (item.enqueued_at, item.id) > (%(at)s, %(id)s) AND (item.state = 'waiting' OR NOT %(untaken)s)
      AND EXISTS ({paper})
    ORDER BY item.enqueued_at, item.id LIMIT %(most)s
"""
_LANE_BY_LANE = """
    SELECT oldest.id FROM routing_lane lane JOIN routing_queue queue ON queue.id = lane.queue_id
    CROSS JOIN LATERAL ({of_kind}) oldest
    WHERE queue.office_id = ANY(%(offices)s::bigint[]) OR %(offices)s::bigint[] IS NULL
    ORDER BY oldest.enqueued_at, oldest.id LIMIT %(most)s
"""
_LANES = """
    item.lane_id IN (
        SELECT lane.id FROM routing_lane lane JOIN routing_queue queue ON queue.id = lane.queue_id
        WHERE %(offices)s IS NULL OR queue.office_id IN (SELECT value FROM json_each(%(offices)s))
    )
"""


def oldest(by: Principal, kind: Kind, *, most: int, after: int | None = None, untaken: bool = False) -> list[int]:
    """The ids of the open work of this kind in one's offices, the oldest first; `untaken` leaves out what somebody has.

    Work without its paper is left out. `after` goes on behind that work item.
    """
    known = WorkItem.objects.filter(pk=after).values_list("enqueued_at", "id").first() if after else None
    at, number = known or BEFORE_ALL
    behind = {"at": connection.ops.adapt_datetimefield_value(at), "id": number}
    asked = {**behind, "kind": kind, "untaken": untaken, "most": most, "offices": _offices(by)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(kind), asked)
        return [row[0] for row in cursor.fetchall()]


def _statement(kind: Kind) -> str:
    if connection.vendor == "postgresql":
        of_lane = _OF_KIND.format(in_lanes="item.lane_id = lane.id", paper=PAPER[kind])
        return _LANE_BY_LANE.format(of_kind=of_lane)
    return _OF_KIND.format(in_lanes=_LANES, paper=PAPER[kind])


def _offices(by: Principal) -> list[int] | str | None:
    if by.offices is None or connection.vendor == "postgresql":
        return None if by.offices is None else sorted(by.offices)
    return dumps(sorted(by.offices))
