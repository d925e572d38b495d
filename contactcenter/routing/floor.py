"""Who is there now: what an agent has in hand, and for each queue how many are available, idle, and in written work."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.heads import Head
from contactcenter.routing.match import Asker, Floor, reserve
from contactcenter.routing.models import Presence, Queue

SEEN = timedelta(seconds=30)  # without a sign of life for so long, an agent is offered nothing
_LIVE = ", ".join(f"'{kind}'" for kind in sorted(LIVE_KINDS))

_STANDING = f"""
    SELECT (SELECT count(*) FROM routing_agent WHERE presence = '{Presence.AVAILABLE}' AND seen_at >= %s),
           (SELECT count(*) FROM routing_queue WHERE cap IS NOT NULL),
           agent.capacity, count(item.id) FILTER (WHERE item.kind IN ({_LIVE})),
           count(item.id) FILTER (WHERE item.kind NOT IN ({_LIVE}))
    FROM routing_agent agent
    LEFT JOIN routing_assignment held ON held.agent_id = agent.id AND held.ended_at IS NULL
    LEFT JOIN routing_workitem item ON item.id = held.work_item_id
    WHERE agent.id = %s GROUP BY agent.capacity
"""  # noqa: S608  # constants of ours
_PRESENT = f"""
    SELECT agent.id, item.kind, lane.queue_id, offer.id
    FROM routing_agent agent JOIN accounts_user "user" ON "user".id = agent.user_id
    LEFT JOIN routing_assignment held ON held.agent_id = agent.id AND held.ended_at IS NULL
    LEFT JOIN routing_workitem item ON item.id = held.work_item_id
    LEFT JOIN routing_lane lane ON lane.id = item.lane_id
    LEFT JOIN routing_offer offer ON offer.agent_id = agent.id AND offer.ended_at IS NULL
    WHERE "user".is_active AND (agent.id = %s OR (agent.presence = '{Presence.AVAILABLE}' AND agent.seen_at >= %s))
"""  # noqa: S608  # constants of ours
_SERVING = """ AND EXISTS (SELECT 1 FROM accounts_user_offices serving
                WHERE serving.user_id = agent.user_id AND serving.office_id IN ({}))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An agent who asks for work, and whether reserve or cap can bind at all at this moment."""

    asker: Asker
    can_bind: bool
    in_hand: int = 0


def standing(by: Principal) -> Standing:
    """What the asker has room for, told by one statement. The service token has no limits and is not counted."""
    if by.agent_id is None:
        return Standing(asker=Asker(id=None), can_bind=False)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [_since(), by.agent_id])
        available, capped, capacity, live, written = cursor.fetchone()
    asker = Asker(
        id=by.agent_id,
        offices=by.offices,
        skills=by.skills,
        calls=not live,
        writing=capacity is None or written < capacity,
        idle=not (live or written),
    )
    return Standing(asker=asker, can_bind=bool(capped) or reserve(available + 1) > 0, in_hand=written)


def floors(by: Principal, heads: Collection[Head]) -> dict[int, Floor]:
    """For each queue of these heads, who is there now among the agents of the asker's offices, the asker included.

    A queue whose cap may bind is held until the transaction ends, so that the cap is exact however many ask at once.
    """
    calls_wait = {head.queue_id for head in heads if head.live}
    capped = {head.queue_id for head in heads if head.cap is not None} & calls_wait
    if capped:
        list(Queue.objects.select_for_update(no_key=True).filter(pk__in=capped).order_by("pk").values_list("pk"))
    return _floors(heads, by.offices, by.agent_id)


def floors_of(heads: Collection[Head]) -> dict[int, Floor]:
    """The same as the dispatcher sees it, for the heads of one office: it asks for nobody."""
    return _floors(heads, frozenset(head.office_id for head in heads), None)


def _floors(heads: Collection[Head], offices: frozenset[int] | None, asker: int | None) -> dict[int, Floor]:
    calls_wait = {head.queue_id for head in heads if head.live}
    available, busy, writing = _present(offices, asker)
    return {
        head.queue_id: Floor(
            available=len(available),
            idle=len(available - (busy - {asker})),
            writing=len(writing[head.queue_id] - {asker}),
            calls_wait=head.queue_id in calls_wait,
            cap=head.cap,
        )
        for head in heads
    }


def _present(
    offices: frozenset[int] | None, asker: int | None
) -> tuple[set[int], set[int], defaultdict[int, set[int]]]:
    """The available agents; those with something in hand or offered; those in written work, by queue."""
    sql = _PRESENT
    values: list[Any] = [asker or 0, _since()]
    if offices is not None:
        sql += _SERVING.format(", ".join(["%s"] * len(offices)) or "NULL")
        values += offices
    available: set[int] = set()
    busy: set[int] = set()
    writing: defaultdict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        for agent_id, kind, queue_id, offer_id in cursor.fetchall():
            available.add(agent_id)
            if kind is not None or offer_id is not None:
                busy.add(agent_id)
            if kind is not None and kind not in LIVE_KINDS:
                writing[queue_id].add(agent_id)
    return available, busy, writing


def _since() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now() - SEEN)
