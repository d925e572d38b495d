"""Who has a page open, found in one plain statement: it runs at every re-reading of every open desk.

Nothing is remembered of what one may see. A session names its user in a signed text that SQL cannot read, so we guess
whose session it is from when it last asked, and believe the guess only where the session just read says the same.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.accounts.second_factor import SEEN, is_demanded
from contactcenter.routing import listed
from contactcenter.routing.listed import with_lists
from contactcenter.routing.models import Agent, Presence
from contactcenter.routing.presence import doing
from contactcenter.routing.principals import of_agent
from contactcenter.routing.selectors import everywhere, queues_of
from contactcenter.rows import instant, part

MOST = 10_000  # sessions whose user is guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """On whose behalf an open page reads, and what it needs to know of them each time."""

    by: Principal
    queue_ids: frozenset[int]
    in_hand: tuple[tuple[str, str, int], ...] | None = None  # kind, stage and id; None where nobody looked
    seen_at: datetime | None = None
    presence: Presence | None = None  # what they are taken for; None where nobody looked

    @classmethod
    def of(cls, by: Principal, *, presence: Presence | None = None) -> "Reader":
        """The same for somebody who is known already."""
        return cls(by=by, queue_ids=frozenset(queues_of(by).values_list("pk", flat=True)), presence=presence)


_READING = """
    SELECT session.session_data, "user".id, "user".password, "user".username, "user".first_name, "user".last_name,
           "user".role, "user".is_superuser, agent.id, agent.seen_at,
           agent.presence, agent.capacity, {in_hand},
           {offices}, {queues}, {skills}
    FROM django_session session
    LEFT JOIN accounts_user "user" ON "user".id = %s AND "user".is_active
    LEFT JOIN routing_agent agent ON agent.user_id = "user".id
    WHERE session.session_key = %s AND session.expire_date > %s
"""
_guesses: dict[str, int] = {}


def reader_of(session_key: str) -> Reader | None:
    """Who reads with this session; None where that is nobody, or only the way of an ordinary page can tell."""
    guess = _guesses.get(session_key, 0)
    row = _read(session_key, guess)
    if row is None:
        return None
    said = _said(row[0])
    if said.user_id != guess:
        _remember(session_key, said.user_id)
        row = _read(session_key, said.user_id)
    return _reader(row, said) if row and row[1] == said.user_id else None


def _read(session_key: str, user_id: int) -> Any:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(with_lists(_READING), [user_id, session_key, now])
        return cursor.fetchone()


class _Said(NamedTuple):
    """What a session says: whose it is, their password's fingerprint when they logged in, whether the demand for a
    second factor is met."""

    user_id: int
    fingerprint: str
    second_factor: bool


@lru_cache(maxsize=MOST)
def _said(session_data: str) -> _Said:
    said = import_module(settings.SESSION_ENGINE).SessionStore().decode(session_data)
    return _Said(int(said.get(SESSION_KEY, 0)), str(said.get(HASH_SESSION_KEY, "")), bool(said.get(SEEN)))


def _remember(session_key: str, user_id: int) -> None:
    if len(_guesses) >= MOST:
        _guesses.clear()
    _guesses[session_key] = user_id


def _reader(row: Any, said: _Said) -> Reader | None:
    number, password, username, first_name, last_name, role, is_superuser, agent_id, seen_at = row[1:10]
    said_presence, capacity, held, offices, queues, able = row[10:]
    names = {"username": username, "first_name": first_name, "last_name": last_name}
    user = part(User, id=number, password=password, role=role, is_superuser=bool(is_superuser), **names)
    is_theirs = hmac.compare_digest(said.fingerprint, user.get_session_auth_hash())
    if agent_id is None or not is_theirs or (is_demanded(user) and not said.second_factor):
        return None
    by = of_agent(user, agent_id, offices=listed.numbers(offices), skills=listed.skills(able))
    agent = part(Agent, id=agent_id, presence=said_presence, capacity=capacity)
    in_hand = listed.in_hand(held)
    now = doing(agent, [(kind, stage) for kind, stage, _number in in_hand])
    if everywhere(user):
        return Reader.of(by, presence=now)
    if seen_at is not None and timezone.is_naive(seen_at):
        seen_at = instant(seen_at)
    return Reader(by=by, queue_ids=listed.numbers(queues), in_hand=tuple(in_hand), seen_at=seen_at, presence=now)
