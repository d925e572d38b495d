"""Who is there now: what an agent has in hand, and for each queue how many are available, free for calls, and in its
written work."""

from collections import defaultdict
from collections.abc import Collection, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.routing import listed
from contactcenter.routing.classes import LIVE_KINDS, skill_for
from contactcenter.routing.heads import Head
from contactcenter.routing.match import Asker, Floor, is_capped, reserve
from contactcenter.routing.models import IN_HAND, Kind, Presence, Queue, WorkItem

SEEN = timedelta(seconds=30)  # without a sign of life for so long, an agent is offered nothing
_LIVE = ", ".join(f"'{kind}'" for kind in sorted(LIVE_KINDS))
# Said so that an index of what is in hand is enough, however much waits.
_IN_HAND = "item.state IN ({})".format(", ".join(f"'{state}'" for state in IN_HAND))
# What is known of this column's values tells of the past alone: the planner would look for one agent where all are.
_SEEN = "COALESCE(agent.seen_at, agent.seen_at) >= %s"

# Said so that the few calls that wait are read at once, by their own index: else the more of anything else waits, the
# sooner the planner looks into each queue's lanes, one by one.
_CALLS_WAIT = f"SELECT DISTINCT lane_id FROM routing_workitem WHERE state = 'waiting' AND kind IN ({_LIVE})"  # noqa: S608

_STANDING = f"""
    SELECT (SELECT count(*) FROM routing_agent WHERE presence = '{Presence.AVAILABLE}' AND seen_at >= %s),
           (SELECT {{listed}}(CAST(queue.id AS text), ',') FROM routing_queue queue
            WHERE queue.cap IS NOT NULL AND queue.id IN (
                SELECT lane.queue_id FROM routing_lane lane WHERE lane.id IN ({_CALLS_WAIT}))),
           agent.capacity, count(item.id) FILTER (WHERE item.kind IN ({_LIVE})),
           count(item.id) FILTER (WHERE item.kind NOT IN ({_LIVE}))
    FROM routing_agent agent
    LEFT JOIN routing_assignment held ON held.agent_id = agent.id AND held.ended_at IS NULL
    LEFT JOIN routing_workitem item ON item.id = held.work_item_id AND {_IN_HAND}
    WHERE agent.id = %s GROUP BY agent.capacity
"""  # noqa: S608  # constants of ours
_PRESENT = f"""
    SELECT agent.id, serving.office_id,
           "user".role = '{Role.SUPERVISOR}' OR EXISTS (
               SELECT 1 FROM routing_agent_skills able JOIN routing_skill skill ON skill.id = able.skill_id
               WHERE able.agent_id = agent.id AND skill.code = '{skill_for(Kind.CALL)}'),
           item.kind, lane.queue_id
    FROM routing_agent agent JOIN accounts_user "user" ON "user".id = agent.user_id
    JOIN accounts_user_offices serving ON serving.user_id = agent.user_id AND serving.office_id IN ({{offices}})
    LEFT JOIN (
        SELECT agent_id, work_item_id FROM routing_assignment WHERE ended_at IS NULL
        UNION ALL SELECT agent_id, work_item_id FROM routing_offer WHERE ended_at IS NULL
    ) engaged ON engaged.agent_id = agent.id
    LEFT JOIN routing_workitem item ON item.id = engaged.work_item_id AND {_IN_HAND}
    LEFT JOIN routing_lane lane ON lane.id = item.lane_id
    WHERE "user".is_active AND agent.presence = '{Presence.AVAILABLE}' AND {_SEEN}
"""  # noqa: S608  # constants of ours
_HOLD = "SELECT id FROM routing_queue WHERE id IN ({}) ORDER BY id FOR NO KEY UPDATE"


class Bounds(NamedTuple):
    """A queue as reserve and cap see it."""

    queue_id: int
    office_id: int
    cap: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An agent who asks for work, and what could hold them back at all: queues whose cap counts since calls wait there,
    and the reserve."""

    asker: Asker
    capped: frozenset[int] = frozenset()
    can_bind: bool = False
    in_hand: int = 0


def standing(by: Principal) -> Standing:
    """What the asker has room for, told by one statement. The service token has no limits and is not counted."""
    if by.agent_id is None:
        return Standing(asker=Asker(id=None))
    with connection.cursor() as cursor:
        cursor.execute(_STANDING.format(listed=listed.aggregate()), [_since(), by.agent_id])
        available, capped, capacity, live, written = cursor.fetchone()
    asker = Asker(
        id=by.agent_id,
        offices=by.offices,
        skills=by.skills,
        calls=not live,
        writing=capacity is None or written < capacity,
        answers=by.has_skills(frozenset({skill_for(Kind.CALL)})),
        idle=not (live or written),
    )
    binds = bool(capped) or reserve(available + 1) > 0
    return Standing(asker=asker, capped=listed.numbers(capped), can_bind=binds, in_hand=written)


def floors(standing: Standing, queues: Collection[Bounds]) -> dict[int, Floor]:
    """For each of these queues, who of its office is there now, the asker included.

    A queue whose cap may bind is held until the transaction ends, so that the cap is exact however many ask at once.
    """
    _hold(standing.capped & {queue.queue_id for queue in queues})
    return floors_seen(standing, queues)


def floors_seen(standing: Standing, queues: Collection[Bounds]) -> dict[int, Floor]:
    """The same for whoever only looks: no queue is held."""
    return _floors(queues, standing.capped, standing.asker)


def floors_of(heads: Collection[Head]) -> dict[int, Floor]:
    """The same as the dispatcher sees it, for all work that it could offer: it asks for nobody."""
    return _floors({bounds(head) for head in heads}, {head.queue_id for head in heads if head.live}, None)


def is_full(queue: Queue) -> bool:
    """Whether the cap lets nobody more into this queue's written work; the queue is held until the transaction ends."""
    calls = WorkItem.objects.waiting().filter(lane__queue=queue, kind__in=LIVE_KINDS)
    if queue.cap is None or not calls.exists():
        return False
    _hold({queue.pk})
    return is_capped(_floors({Bounds(queue.pk, queue.office_id, queue.cap)}, {queue.pk}, None)[queue.pk])


def bounds(head: Head) -> Bounds:
    """The queue of a head."""
    return Bounds(head.queue_id, head.office_id, head.cap)


def _hold(queue_ids: Set[int]) -> None:
    if queue_ids and connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD.format(", ".join(["%s"] * len(queue_ids))), list(queue_ids))


def _floors(queues: Collection[Bounds], calls_wait: Set[int], asker: Asker | None) -> dict[int, Floor]:
    present = _present({queue.office_id for queue in queues})
    me = {asker.id} if asker else set()
    answering = me if asker and asker.answers else set()
    return {
        queue.queue_id: Floor(
            available=len(present.available[queue.office_id] | me),
            idle=len(present.idle[queue.office_id] - me | answering),
            writing=len(present.writing[queue.queue_id] - me),
            calls_wait=queue.queue_id in calls_wait,
            cap=queue.cap,
            office_id=queue.office_id,
        )
        for queue in queues
    }


class _Present(NamedTuple):
    """Agents who are there: by office the available and those free to answer a call, by queue those in its writing."""

    available: defaultdict[int, set[int | None]]
    idle: defaultdict[int, set[int | None]]
    writing: defaultdict[int, set[int | None]]


def _present(offices: Collection[int]) -> _Present:
    found = _Present(defaultdict(set), defaultdict(set), defaultdict(set))
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT.format(offices=", ".join(["%s"] * len(offices))), [*offices, _since()])
        for agent_id, office_id, answers, kind, queue_id in cursor.fetchall():
            found.available[office_id].add(agent_id)
            if kind is None and answers:
                found.idle[office_id].add(agent_id)
            if kind is not None and kind not in LIVE_KINDS:
                found.writing[queue_id].add(agent_id)
    return found


def _since() -> Any:
    return connection.ops.adapt_datetimefield_value(timezone.now() - SEEN)
