"""On whose behalf a bearer token acts, read in one plain statement: every call of the API begins with it."""

from django.db import connection

from contactcenter.accounts.models import ApiToken, User
from contactcenter.accounts.principal import Principal
from contactcenter.routing.classes import with_levels
from contactcenter.routing.selectors import WITHOUT_LIMIT, everywhere, principal_for
from contactcenter.rows import part

_BEHIND = """
    SELECT "user".id, "user".username, "user".first_name, "user".last_name, "user".role, "user".is_superuser,
           agent.id, office.office_id, skill.code, able.level
    FROM accounts_apitoken token
    JOIN accounts_user "user" ON "user".id = token.user_id
    LEFT JOIN routing_agent agent ON agent.user_id = "user".id
    LEFT JOIN accounts_user_offices office ON office.user_id = "user".id
    LEFT JOIN routing_agent_skills able ON able.agent_id = agent.id
    LEFT JOIN routing_skill skill ON skill.id = able.skill_id
    WHERE token.digest = %s AND token.revoked_at IS NULL AND "user".is_active
"""


def principal_behind(token: str) -> Principal | None:
    """What the user with this token may see and do; None where there is none, or the user no longer works here."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND, [ApiToken.digest_of(token)])
        rows = cursor.fetchall()
    if not rows:
        return None
    number, username, first_name, last_name, role, is_superuser, agent_id = rows[0][:7]
    user = part(
        User,
        id=number,
        username=username,
        first_name=first_name,
        last_name=last_name,
        role=role,
        is_superuser=bool(is_superuser),
    )
    if agent_id is None:
        return principal_for(user)
    offices = frozenset(row[7] for row in rows if row[7] is not None)
    skills = with_levels({row[8:10] for row in rows if row[8] is not None})
    return of_agent(user, agent_id, offices=offices, skills=skills)


def of_agent(user: User, agent_id: int, *, offices: frozenset[int], skills: frozenset[str]) -> Principal:
    """What this user may see and do as this agent, with the offices and skills that were read of them."""
    return Principal(
        actor=f"agent:{agent_id}",
        label=str(user),
        role=user.role,
        user_id=user.pk,
        agent_id=agent_id,
        offices=None if everywhere(user) else offices,
        skills=None if user.role in WITHOUT_LIMIT else skills,
    )
