"""The fronts of long lanes: of a lane in which very much waits the first few are marked, and have their own index.

What is next is asked of forty lanes at each click. In the index of all that waits each answer lies a level deeper at a
million than at a thousand; that of the fronts holds as many rows as there are lanes, times `FRONT`. Whoever takes from
a lane takes its first in any case; only which lane comes next can be told a sweep late, where something old came back
into a lane that is long.
"""

from django.db import connection, transaction

FRONT = 64  # of each lane: more than can be taken of one before the next sweep

# Rows that somebody is taking are passed over: what is marked a sweep later was not first either.
_MARK = """
    WITH front AS (
        SELECT lane.id AS lane_id, item.id, item.in_front FROM routing_lane lane CROSS JOIN LATERAL (
            SELECT head.id, head.in_front FROM routing_workitem head
            WHERE head.lane_id = lane.id AND head.state = 'waiting'
            ORDER BY head.enqueued_at, head.due_at, head.id LIMIT %(front)s
        ) item
    ), long AS (SELECT lane_id FROM front GROUP BY lane_id HAVING count(*) = %(front)s),
    lanes AS (
        UPDATE routing_lane lane SET is_long = NOT lane.is_long
        WHERE lane.is_long <> EXISTS (SELECT 1 FROM long WHERE long.lane_id = lane.id)
    ), unmarked AS (
        SELECT item.id FROM routing_workitem item JOIN front ON front.id = item.id
        WHERE NOT front.in_front AND front.lane_id IN (SELECT lane_id FROM long) AND item.state = 'waiting'
        ORDER BY item.id FOR NO KEY UPDATE OF item SKIP LOCKED
    )
    UPDATE routing_workitem item SET in_front = true FROM unmarked WHERE item.id = unmarked.id
"""


@transaction.atomic
def mark_fronts() -> int:
    """Mark the first of each long lane, and say which lanes are long; returns how many were marked.

    On PostgreSQL only: elsewhere no queue is that long.
    """
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"front": FRONT})
        return int(cursor.rowcount)
