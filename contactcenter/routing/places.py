"""Where a call or callback stands among those of its queue, told by plain statements: each waiting caller asks, often.

(See `contactcenter/rows.py`.) What stands ahead is counted, not read: by our order, of a lane with the same promise it
is what came before, of another lane what has waited as many times its own promise.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from contactcenter.offices.hours import opening_before, opening_seconds
from contactcenter.offices.models import Office
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import WorkState
from contactcenter.routing.score import score
from contactcenter.rows import instant, part

_LIVE = ", ".join(f"'{kind}'" for kind in sorted(LIVE_KINDS))
_WORK = """
    SELECT DISTINCT item.state, lane.queue_id, queue.office_id, lane.target_s, item.enqueued_at, item.due_at, item.id,
           other.target_s
    FROM routing_workitem item JOIN routing_lane lane ON lane.id = item.lane_id
    JOIN routing_queue queue ON queue.id = lane.queue_id JOIN routing_lane other ON other.queue_id = queue.id
    WHERE item.id = %s
"""
_COUNT = f"""
    SELECT count(*) FROM routing_workitem item JOIN routing_lane lane ON lane.id = item.lane_id
    WHERE item.state = 'waiting' AND item.kind IN ({_LIVE}) AND lane.queue_id = %s
"""  # noqa: S608  # constants of ours
_SAME = "(lane.target_s = %s AND (item.enqueued_at, item.due_at, item.id) < (%s, %s, %s))"
_OTHER = "(lane.target_s = %s AND item.enqueued_at < %s)"
_OPEN = """
    SELECT item.id, item.kind, item.state, item.delivery_id, lane.service_class, item.enqueued_at, said.occurred_at
    FROM routing_workitem item JOIN routing_lane lane ON lane.id = item.lane_id
    LEFT JOIN tickets_interaction said ON said.id = item.interaction_id
    WHERE item.ticket_id = %s AND item.state <> 'done' ORDER BY item.id
"""


class Open(NamedTuple):
    """A work item of a ticket that is not done; `said_at` is when what it answers was said."""

    id: int
    kind: str
    state: str
    delivery_id: int | None
    service_class: str
    enqueued_at: datetime
    said_at: datetime | None


class Work(NamedTuple):
    """A work item in its queue, with the promises of the queue's lanes in seconds of opening hours."""

    state: str
    queue_id: int
    office_id: int
    target_s: int
    enqueued_at: datetime
    due_at: datetime
    id: int
    targets_s: frozenset[int]

    @property
    def is_done(self) -> bool:
        """Whether nobody will take it any more."""
        return self.state == WorkState.DONE

    @property
    def waits(self) -> bool:
        """Whether it has a place."""
        return self.state == WorkState.WAITING


def open_of(ticket_id: int) -> list[Open]:
    """What of a ticket is not done, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [ticket_id])
        found = [Open(*row) for row in cursor.fetchall()]
    return [
        one._replace(enqueued_at=_aware(one.enqueued_at), said_at=one.said_at and _aware(one.said_at)) for one in found
    ]


def work(work_item_id: int) -> Work | None:
    """The work item as it is now; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_WORK, [work_item_id])
        found = cursor.fetchall()
    if not found:
        return None
    one = Work._make([*found[0][:-1], frozenset(row[-1] for row in found)])
    return one._replace(enqueued_at=_aware(one.enqueued_at), due_at=_aware(one.due_at))


def waiting(queue_id: int) -> int:
    """How many calls and callbacks wait in a queue."""
    return _counted(_COUNT, [queue_id])


def ahead_of(one: Work) -> int:
    """How many calls and callbacks of its queue our order puts before this one."""
    now, office = timezone.now(), part(Office, id=one.office_id)
    times = score(opening_seconds(office, one.enqueued_at, now), one.target_s)
    alike = [target for target in one.targets_s if target == one.target_s or not times]
    stored = connection.ops.adapt_datetimefield_value
    values: list[Any] = [one.queue_id]
    for target in alike:
        values += [target, stored(one.enqueued_at), stored(one.due_at), one.id]
    others = sorted(one.targets_s - set(alike))
    for target in others:
        even = opening_before(office, now, timedelta(seconds=times * target))  # since then it would be as late as this
        values += [target, stored(even + timedelta.resolution if even < one.enqueued_at else even)]
    return _counted(f"{_COUNT} AND ({_any([_SAME] * len(alike) + [_OTHER] * len(others))})", values)


def _aware(stored: datetime) -> datetime:
    return instant(stored) if connection.vendor == "sqlite" else stored


def _any(conditions: Iterable[str]) -> str:
    return " OR ".join(conditions)


def _counted(sql: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
