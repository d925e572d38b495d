"""Who has a ticket open before them at this moment: known to Redis alone, for as long as their page says so.

A page that reads its story says with it that somebody looks; a page that is closed or hidden says that too. What was
not said again in `TRUE_FOR` is true no more. Where Redis is away nobody is shown, and nothing waits for it.

A reading can be under way while its page closes, and arrive after its goodbye. So each look of a page has a number of
its own, and one that has ended is begun no more: among those who look, `left:` and its number keeps that for a while.
"""

import time

from channels_app import hub
from contactcenter.accounts.principal import Principal
from contactcenter.routing.models import Agent

KEY = "live:looking:{}"
TYPING = "live:typing:{}:{}"
LEFT = "left:"
TRUE_FOR = 50  # seconds; an open page reads at least every 38
TOLD_AGAIN = 60  # seconds after which the others are told anew that somebody goes on typing


# In one step, so that nothing comes between the question and the note; returns whether it is new.
NOTE = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
if redis.call('ZSCORE', KEYS[1], ARGV[4]) then return 0 end
local new = redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return new
"""


def looks(ticket_id: int, by: Principal, look: str = "") -> list[str]:
    """Note that this one looks at the ticket, and name who else does."""
    if by.agent_id is not None and _noted(ticket_id, by.agent_id, look):
        _tell(ticket_id, by.agent_id)
    return others(ticket_id, by)


def looks_away(ticket_id: int, by: Principal, look: str = "") -> None:
    """This one's page was closed or hidden; another page of theirs that is open says so again."""
    if by.agent_id is None:
        return
    key = KEY.format(ticket_id)
    leaving: list[hub.Command] = [("ZADD", key, time.time() + TRUE_FOR, LEFT + look), ("EXPIRE", key, TRUE_FOR)]
    answers = hub.ask_all([*(leaving if look else ()), ("ZREM", key, by.agent_id)])
    if answers and answers[-1]:
        _tell(ticket_id, None)
        hub.announce_to([by.agent_id], looking=ticket_id)


def types(ticket_id: int, by: Principal) -> None:
    """This one is writing on the ticket: whoever looks at it sees that at once."""
    key = TYPING.format(ticket_id, by.agent_id)
    if any(hub.ask_all([("SET", key, 1, "NX", "EX", TOLD_AGAIN)])):
        _tell(ticket_id, by.agent_id)


def others(ticket_id: int, by: Principal) -> list[str]:
    """Who else looks at it, by name."""
    numbers = [number for number in _lookers(ticket_id) if number != by.agent_id]
    rows = Agent.objects.filter(pk__in=numbers, user__is_active=True).select_related("user") if numbers else ()
    return sorted(str(agent) for agent in rows)


def _noted(ticket_id: int, agent_id: int, look: str) -> bool:
    """Note it for a while; whether it is new."""
    key, now = KEY.format(ticket_id), time.time()
    return any(hub.ask_all([("EVAL", NOTE, 1, key, now, now + TRUE_FOR, agent_id, LEFT + look, TRUE_FOR)]))


def _tell(ticket_id: int, except_agent: int | None) -> None:
    hub.announce_to([number for number in _lookers(ticket_id) if number != except_agent], looking=ticket_id)


def _lookers(ticket_id: int) -> list[int]:
    found = hub.ask_all([("ZRANGEBYSCORE", KEY.format(ticket_id), time.time(), "+inf")])
    return [int(number) for numbers in found for number in numbers if number.isdigit()]
