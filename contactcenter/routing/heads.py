"""What is next, lane by lane, read in one plain statement each: it runs at every click of every agent.

The statements are written out because compiling them anew costs many times their run (see `contactcenter/rows.py`).
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from contactcenter.accounts.principal import Principal
from contactcenter.offices.hours import opening_seconds
from contactcenter.offices.models import Office
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import Lane, Queue, WorkItem
from contactcenter.routing.score import Candidate
from contactcenter.rows import instant, part
from contactcenter.tickets.models import Ticket


class Head(NamedTuple):
    """The first waiting work item of a lane, as plain values."""

    id: int
    ticket_id: int
    kind: str
    enqueued_at: datetime
    due_at: datetime
    lane_id: int
    skills: str
    target_s: int
    service_class: str
    queue_id: int
    office_id: int
    cap: int | None
    offers_written: bool

    @property
    def live(self) -> bool:
        """A call or a callback."""
        return self.kind in LIVE_KINDS

    @property
    def skill_set(self) -> frozenset[str]:
        """The skills it needs."""
        return _skill_set(self.skills)

    @property
    def lane(self) -> Lane:
        """Its lane as a row."""
        lane = part(
            Lane,
            id=self.lane_id,
            queue_id=self.queue_id,
            service_class=self.service_class,
            skills=self.skills,
            target_s=self.target_s,
        )
        lane.queue = part(Queue, id=self.queue_id, office_id=self.office_id)
        lane.queue.office = part(Office, id=self.office_id)
        return lane

    def candidate(self, now: datetime) -> Candidate:
        """The work item as the order sees it at this instant."""
        return Candidate(
            id=self.id,
            age_s=opening_seconds(self.office_id, self.enqueued_at, now),
            target_s=self.target_s,
            enqueued_at=self.enqueued_at,
            due_at=self.due_at,
            live=self.live,
            queue_id=self.queue_id,
            office_id=self.office_id,
            skills=self.skill_set,
        )


@lru_cache(maxsize=1024)
def _skill_set(skills: str) -> frozenset[str]:
    return frozenset(code for code in skills.split(",") if code)


_FIRST = "ORDER BY head.enqueued_at, head.due_at, head.id LIMIT 1"
_HEAD = "FROM routing_workitem head WHERE head.lane_id = lane.id AND head.state = 'waiting'"
_COLUMNS = """
    item.id, item.ticket_id, item.kind, item.enqueued_at, item.due_at, lane.id, lane.skills, lane.target_s,
    lane.service_class, lane.queue_id, queue.office_id, queue.cap, queue.offers_written
"""
_LANES = "FROM routing_lane lane JOIN routing_queue queue ON queue.id = lane.queue_id"
# PostgreSQL would read the whole table for the second way of saying it, SQLite does not know the first.
# A long lane's front has an index that stays small (see `fronts`); once all of it is taken, the whole lane is asked.
_ON_POSTGRESQL = f"""{_LANES} JOIN LATERAL (
        (SELECT head.* {_HEAD} AND head.in_front AND lane.is_long {_FIRST}) UNION ALL (SELECT head.* {_HEAD} {_FIRST})
        LIMIT 1
    ) item ON true
"""
_ELSEWHERE = f"{_LANES} JOIN routing_workitem item ON item.id = (SELECT head.id {_HEAD} {_FIRST})"
# Of one queue's lanes with one promise only the longest wait can be next: the others need not leave the database.
_LIVE = ", ".join(f"'{kind}'" for kind in sorted(LIVE_KINDS))
_PROMISE = f"lane.queue_id, lane.target_s, item.kind IN ({_LIVE})"
# The queues are read once: the planner takes few lanes for one, and would read them for each.
_FOR_ONE = f"""
    WITH queue AS MATERIALIZED (
        SELECT * FROM routing_queue WHERE %(offices)s::bigint[] IS NULL OR office_id = ANY(%(offices)s)
    )
    SELECT DISTINCT ON ({_PROMISE}) {_COLUMNS} {_ON_POSTGRESQL.replace("routing_queue queue", "queue")}
    WHERE (lane.skills = '' OR %(skills)s::text[] IS NULL OR string_to_array(lane.skills, ',') <@ %(skills)s::text[])
    {{agent}} ORDER BY {_PROMISE}, item.enqueued_at, item.due_at, item.id
"""  # noqa: S608  # names of our own
# Asked once and before all else, since nothing in it changes from row to row.
_ONE_AT_A_TIME = "AND EXISTS (SELECT FROM routing_agent WHERE id = %(agent)s FOR NO KEY UPDATE)"
_FIRST_OF_LANE = """
    SELECT item.*, ticket.reference AS ticket_reference, ticket.state AS ticket_state, EXISTS (
        SELECT 1 FROM routing_workitem other
        WHERE other.ticket_id = item.ticket_id AND other.state <> 'done' AND other.state = 'waiting'
          AND other.id <> item.id
    ) AS ticket_has_others
    FROM routing_workitem item JOIN tickets_ticket ticket ON ticket.id = item.ticket_id
    WHERE item.lane_id = %s AND item.state = 'waiting'
    ORDER BY item.enqueued_at, item.due_at, item.id LIMIT 1
"""
# The ticket first: one whose ticket is being taken is passed over without its own row being held.
_UNLESS_TAKEN = " FOR NO KEY UPDATE OF ticket, item SKIP LOCKED"


def heads() -> list[Head]:
    """The first waiting item of every lane."""
    if connection.vendor == "postgresql":
        return _read(f"SELECT {_COLUMNS} {_ON_POSTGRESQL}")
    found = _read(f"SELECT {_COLUMNS} {_ELSEWHERE}")
    return [head._replace(enqueued_at=instant(head.enqueued_at), due_at=instant(head.due_at)) for head in found]


def heads_for(by: Principal, *, held: bool = False) -> list[Head]:
    """The first waiting items of the lanes that this one can serve: of each queue's each promise, one at least.

    With `held` the agent is held until the transaction ends (`holding.hold_agent`), and costs no turn of its own.
    """
    if connection.vendor == "postgresql":
        offices, skills = (None if named is None else list(named) for named in (by.offices, by.skills))
        statement = _FOR_ONE.format(agent=_ONE_AT_A_TIME if held and by.agent_id else "")
        return _read(statement, {"offices": offices, "skills": skills, "agent": by.agent_id})
    return [head for head in heads() if by.serves(head.office_id) and by.has_skills(head.skill_set)]


def _read(statement: str, whose: dict[str, Any] | None = None) -> list[Head]:
    with connection.cursor() as cursor:
        cursor.execute(statement, whose)
        return [Head(*row) for row in cursor.fetchall()]


def first_of(lane: Lane) -> tuple[WorkItem | None, bool]:
    """The first of the lane that nobody else is taking at this moment, held until the transaction ends.

    And whether more of its ticket's work waits.
    """
    hold = _UNLESS_TAKEN if connection.features.has_select_for_update_skip_locked else ""
    for item in WorkItem.objects.raw(_FIRST_OF_LANE + hold, [lane.pk]):
        read = item.__dict__
        state, reference = read.pop("ticket_state"), read.pop("ticket_reference")
        item.ticket = part(Ticket, id=item.ticket_id, reference=reference, state=state)
        item.lane = lane
        return item, bool(read.pop("ticket_has_others"))
    return None, False
