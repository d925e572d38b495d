"""Who could be offered something at this moment, told by one plain statement: it runs each second."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.routing import listed
from contactcenter.routing.classes import LIVE_KINDS, skill_for
from contactcenter.routing.floor import SEEN
from contactcenter.routing.match import Asker
from contactcenter.routing.models import Kind, Presence
from contactcenter.routing.selectors import WITHOUT_LIMIT
from contactcenter.rows import instant

_LIVE = ", ".join(f"'{kind}'" for kind in sorted(LIVE_KINDS))
_ASKERS = f"""
    SELECT agent.id, "user".role, agent.since,
           (SELECT max(past.ended_at) FROM routing_assignment past WHERE past.agent_id = agent.id),
           count(item.id), count(item.id) FILTER (WHERE item.kind IN ({_LIVE})),
           count(item.id) FILTER (WHERE held.interrupted), {{offices}}, {{skills}}
    FROM routing_agent agent JOIN accounts_user "user" ON "user".id = agent.user_id
    LEFT JOIN routing_assignment held ON held.agent_id = agent.id AND held.ended_at IS NULL
    LEFT JOIN routing_workitem item ON item.id = held.work_item_id
    WHERE "user".is_active AND "user".role <> '{Role.AUDITOR}'
      AND agent.presence = '{Presence.AVAILABLE}' AND agent.seen_at >= %s
      AND NOT EXISTS (SELECT 1 FROM routing_offer offer WHERE offer.agent_id = agent.id AND offer.ended_at IS NULL)
    GROUP BY agent.id, "user".id
"""  # noqa: S608  # constants of ours


def askers() -> list[Asker]:
    """Who is there: the idle, and for calls those in written work who were not called out of it yet.

    Work of the offices where they are listed is offered to them, whatever else they may see.
    """
    since = connection.ops.adapt_datetimefield_value(timezone.now() - SEEN)
    with connection.cursor() as cursor:
        cursor.execute(listed.with_lists(_ASKERS), [since])
        return [_asker(*row) for row in cursor.fetchall()]


def _asker(
    number: int,
    role: str,
    said: datetime | str,
    ended: datetime | str | None,
    in_hand: int,
    live: int,
    interrupted: int,
    offices: str | None,
    able: str | None,
) -> Asker:
    skills = None if role in WITHOUT_LIMIT else listed.skills(able)
    return Asker(
        id=number,
        offices=listed.numbers(offices),
        skills=skills,
        calls=not live and not interrupted,
        writing=not in_hand,
        answers=skills is None or skill_for(Kind.CALL) in skills,
        idle=not in_hand,
        since=max(_at(said), _at(ended or said)),
    )


def _at(said: datetime | str) -> datetime:
    read = datetime.fromisoformat(said) if isinstance(said, str) else said
    return read if read.tzinfo else instant(read)
