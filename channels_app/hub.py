"""One Redis subscription per socket process, fanned out in memory to the sockets allowed to see a queue.

Every queue has a revision in Redis. After commit, `announce` raises it and publishes the nudge; each socket process
hears it once, serialised once, and hands the same text to its sockets. A nudge may be lost (Redis may be away): the
page re-reads on every gap, on reconnect and twice a minute, so that nothing depends on it.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings

logger = logging.getLogger(__name__)

CHANNEL = "live"
REVISION = "live:rev:{}"
IMPATIENCE = 0.25  # seconds that a committed request may lose to a Redis that does not answer
REST = 2.0  # seconds in which a Redis that failed is not asked again
PACE = 1.0  # seconds between two nudges for one queue
# Raise and publish in one step, so that revisions are published in their order.
RAISE = """
local rev = redis.call('INCR', KEYS[1])
redis.call('PUBLISH', ARGV[1], '{"queue": ' .. ARGV[2] .. ', "rev": ' .. rev .. '}')
return rev
"""


Command = tuple[str | float, ...]


class Listener(Protocol):
    """A socket that takes nudges without ever waiting."""

    def nudge(self, queue_id: int, text: str) -> None: ...

    def tell(self, text: str) -> None: ...


# --- The side that writes: requests, workers, commands -------------------------------------------------------------

_resting_until = 0.0


def announce(queue_ids: Iterable[int]) -> None:
    """Tell every open desk that these queues changed. Called after commit; never raises, whatever Redis does."""
    ask_all([("EVAL", RAISE, 1, REVISION.format(pk), CHANNEL, pk) for pk in sorted(set(queue_ids))])


def announce_to(agent_ids: Iterable[int], **what: int) -> None:
    """Tell the open pages of these agents, and of nobody else, what concerns them: `offer=7`. Never raises."""
    ask_all([("PUBLISH", CHANNEL, json.dumps({**what, "agent": agent_id})) for agent_id in agent_ids])


def revisions(queue_ids: Iterable[int]) -> dict[int, int] | None:
    """The revision each queue stands at, or None while Redis does not answer."""
    ids = sorted(set(queue_ids))
    answers = ask_all([("MGET", *(REVISION.format(pk) for pk in ids))] if ids else [])
    if ids and not answers:
        return None
    return {pk: int(value or 0) for pk, value in zip(ids, answers[0], strict=True)} if ids else {}


def ask_all(commands: Sequence[Command]) -> list[Any]:
    """What Redis answers to these commands, in one turn; [] while it does not answer. Never raises."""
    if not commands or time.monotonic() < _resting_until:
        return []
    try:
        with _client().pipeline(transaction=False) as pipe:
            for command in commands:
                pipe.execute_command(*command)  # type: ignore[no-untyped-call]
            return pipe.execute()
    except (redis.RedisError, OSError) as error:
        _rest(error)
        return []


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=IMPATIENCE, socket_timeout=IMPATIENCE, health_check_interval=30
    )


def _rest(error: Exception) -> None:
    global _resting_until
    _resting_until = time.monotonic() + REST
    logger.warning("Redis does not answer, desks fall back to asking: %s", error)


# --- The side that reads: the socket process -----------------------------------------------------------------------


class Hub:
    """The sockets of this process, by the queues they may see."""

    def __init__(self) -> None:
        self._sockets: defaultdict[int, set[Listener]] = defaultdict(set)
        self._queues: dict[Listener, frozenset[int]] = {}
        self._agents: dict[Listener, int] = {}
        self._reader: asyncio.Task[None] | None = None
        self._quiet_until: dict[int, float] = {}
        self._held_back: dict[int, str] = {}
        self._listening = asyncio.Event()
        self._missed = False

    def subscribe(self, listener: Listener, queue_ids: Iterable[int], agent_id: int | None = None) -> None:
        """From now on the listener hears of these queues and of what concerns this agent, and of nothing else."""
        self._forget(listener)
        if agent_id is not None:
            self._agents[listener] = agent_id
        self._queues[listener] = frozenset(queue_ids)
        for queue_id in self._queues[listener]:
            self._sockets[queue_id].add(listener)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.get_running_loop().create_task(self._read_for_ever())

    def unsubscribe(self, listener: Listener) -> None:
        """The listener hears nothing any more."""
        self._forget(listener)
        if not self._queues and self._reader is not None:
            self._reader.cancel()
            self._reader = None
            self._listening.clear()
            self._missed = False

    def _forget(self, listener: Listener) -> None:
        self._agents.pop(listener, None)
        for queue_id in self._queues.pop(listener, ()):
            self._sockets[queue_id].discard(listener)
            if not self._sockets[queue_id]:
                del self._sockets[queue_id]

    async def ready(self, timeout: float = 1.0) -> None:
        """Wait until Redis has us on its list, so that a socket opened now misses nothing; not for ever."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listening.wait(), timeout)

    async def _read_for_ever(self) -> None:
        pause = 0.5
        while True:
            try:
                await self._read()
            except (redis.RedisError, OSError) as error:
                self._missed = True
                self._listening.clear()
                logger.warning("The live subscription broke, trying again in %.1f s: %s", pause, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _read(self) -> None:
        """Listen to Redis until the connection breaks."""
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, health_check_interval=10)
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            while True:
                message = await subscription.get_message(timeout=10)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    await self._catch_up(client)
                elif message["type"] == "message":
                    self._told(message["data"].decode())

    def _told(self, text: str) -> None:
        said = json.loads(text)
        meant = said.pop("agent", None)
        if meant is None:
            self._hear(int(said["queue"]), text)
            return
        for listener in [one for one, agent_id in self._agents.items() if agent_id == meant]:
            listener.tell(json.dumps(said))

    async def _catch_up(self, client: redis.asyncio.Redis) -> None:
        """Subscribed, perhaps anew: what was said meanwhile nobody heard, so every page is asked to look."""
        self._listening.set()
        missed, self._missed = self._missed, True
        for queue_id in sorted(self._sockets) if missed else ():
            rev = int(await client.get(REVISION.format(queue_id)) or 0)
            self._hear(queue_id, json.dumps({"queue": queue_id, "rev": rev}))

    def _hear(self, queue_id: int, text: str) -> None:
        """Pass the first nudge on at once; of those that follow within a second, the last."""
        loop = asyncio.get_running_loop()
        if queue_id in self._held_back:
            self._held_back[queue_id] = text
            return
        wait = self._quiet_until.get(queue_id, 0.0) - loop.time()
        if wait <= 0:
            self._fan_out(queue_id, text)
        else:
            self._held_back[queue_id] = text
            loop.call_later(wait, self._pass_on, queue_id)

    def _pass_on(self, queue_id: int) -> None:
        self._fan_out(queue_id, self._held_back.pop(queue_id))

    def _fan_out(self, queue_id: int, text: str) -> None:
        self._quiet_until[queue_id] = asyncio.get_running_loop().time() + PACE
        for listener in tuple(self._sockets.get(queue_id, ())):
            listener.nudge(queue_id, text)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def of_this_process() -> Hub:
    """The one hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
