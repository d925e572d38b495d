"""What somebody serves and can do, listed in a column of the plain statement that reads them.

As pieces of SQL for rows named `agent` and `"user"`, and back from the text that the database gives.
"""

from django.db import connection

from contactcenter.routing.classes import with_levels

_OFFICES = """(SELECT {listed}(CAST(serving.office_id AS text), ',') FROM accounts_user_offices serving
            WHERE serving.user_id = "user".id)"""
_QUEUES = """(SELECT {listed}(CAST(queue.id AS text), ',') FROM accounts_user_offices serving
            JOIN routing_queue queue ON queue.office_id = serving.office_id WHERE serving.user_id = "user".id)"""
_SKILLS = """(SELECT {listed}(skill.code || ':' || able.level, ',') FROM routing_agent_skills able
            JOIN routing_skill skill ON skill.id = able.skill_id WHERE able.agent_id = agent.id)"""
_IN_HAND = """(SELECT {listed}(item.kind || ':' || item.stage || ':' || item.id, ',') FROM routing_assignment held
            JOIN routing_workitem item ON item.id = held.work_item_id
            WHERE held.agent_id = agent.id AND held.ended_at IS NULL)"""


def with_lists(statement: str) -> str:
    """The statement with `{offices}`, `{queues}`, `{skills}` and `{in_hand}` put in as this database says them."""
    pieces = {"offices": _OFFICES, "queues": _QUEUES, "skills": _SKILLS, "in_hand": _IN_HAND}
    return statement.format(**{name: piece.format(listed=aggregate()) for name, piece in pieces.items()})


def aggregate() -> str:
    """The database's own name for putting values into a list, with what stands between them as the second argument."""
    return "string_agg" if connection.vendor == "postgresql" else "group_concat"


def numbers(listed: str | None) -> frozenset[int]:
    """The ids of offices or queues."""
    return frozenset(map(int, _parts(listed)))


def skills(listed: str | None) -> frozenset[str]:
    """What the skills cover, with their levels."""
    return with_levels((code, int(level)) for code, _colon, level in (one.rpartition(":") for one in _parts(listed)))


def in_hand(listed: str | None) -> list[tuple[str, str, int]]:
    """Kind, stage and id of each work item in their hands."""
    held = (one.split(":") for one in _parts(listed))
    return sorted((kind, stage, int(number)) for kind, stage, number in held)


def _parts(listed: str | None) -> list[str]:
    return listed.split(",") if listed else []
