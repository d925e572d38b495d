"""The only door to RQ. Redis rings the doorbell; the database keeps the work, the clock finds what a lost bell left.

A bell says "there is work of this kind" and is dropped while the same bell still rings, so that a flood of requests
costs one job. Nothing here raises when Redis is away: the row is committed and the next sweep takes it up.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache, partial
from importlib import import_module

import redis
from django.conf import settings
from django.db import close_old_connections, transaction
from rq import Queue, SimpleWorker, Worker
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

FAST, SLOW = "fast", "slow"
BELL_TTL = 10  # seconds; a bell whose job was lost with a worker or with Redis may ring again after it
ROW_TTL = 30  # the same for one large job, which may wait that long for its turn
BELL = "bell:"
REST = 2.0  # seconds in which a Redis that kept us waiting is not asked again; sweeps do without the bell
WORKER_TTL = 60  # seconds after which, and a minute more, a worker that was killed is no longer counted

_resting_until = 0.0


@lru_cache(maxsize=1)
def connection() -> redis.Redis:
    """This process's connection to Redis, with time-outs short enough for a webhook."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


@lru_cache(maxsize=2)
def _queue(name: str) -> Queue:
    return Queue(name, connection=connection(), serializer=JSONSerializer)


def ring(func: Callable[[], object], *, slow: bool = False) -> None:
    """Ask, after commit, that a worker run `func`, unless it has been asked already."""
    transaction.on_commit(partial(_ring, path(func), SLOW if slow else FAST), robust=True)


def ring_one(func: Callable[[int], object], row_id: int) -> None:
    """Ask, after commit, for one large job on one row (a scan to read), on the slow job queue."""
    transaction.on_commit(partial(_ring, path(func), SLOW, row_id), robust=True)


def bell(name: str) -> None:
    """Wake, after commit, the process of its own that waits for this name."""
    transaction.on_commit(partial(_bell, name), robust=True)


def wait(name: str, timeout: float) -> bool:
    """Wait for `bell(name)`, at most `timeout` seconds; whether it rang. Sleeps through a Redis that is away."""
    try:
        waiting = _patient(timeout)
        if waiting.blpop([f"{BELL}{name}"], timeout=timeout) is None:
            return False
        waiting.delete(f"{BELL}{name}")
        return True
    except redis.RedisError:
        time.sleep(timeout)
        return False


def run(dotted: str, row_id: int | None = None) -> None:
    """What a worker runs: the bell is taken down first, so work that comes meanwhile rings again."""
    key = _key(dotted, row_id)
    try:
        connection().delete(key)
    except redis.RedisError:
        log.warning("jobs.bell_not_cleared", extra={"job": dotted})
    module, _, name = dotted.rpartition(".")
    func = getattr(import_module(module), name)
    close_old_connections()
    try:
        func() if row_id is None else func(row_id)
    finally:
        close_old_connections()


def answers() -> bool:
    """Whether Redis is there now."""
    try:
        return bool(connection().ping())
    except redis.RedisError:
        return False


def workers() -> dict[str, int]:
    """How many workers listen on each job queue."""
    return {name: len(Worker.all(queue=_queue(name))) for name in (FAST, SLOW)}


def drain() -> None:
    """Run what has been rung for, on both job queues, and come back (tests, and a last look before stopping)."""
    own = redis.Redis.from_url(settings.REDIS_URL)
    queues = [Queue(name, connection=own, serializer=JSONSerializer) for name in (FAST, SLOW)]
    SimpleWorker(queues, connection=own, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def work(queue: str) -> None:
    """Run the jobs of one job queue until told to stop, one after the other in this process."""
    own = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5)
    worker = SimpleWorker(
        [Queue(queue, connection=own, serializer=JSONSerializer)],
        connection=own,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
    )
    worker.work(logging_level="WARNING")


def path(func: Callable[..., object]) -> str:
    """The dotted path by which a worker finds the function."""
    return f"{func.__module__}.{func.__qualname__}"


def _key(dotted: str, row_id: int | None) -> str:
    return f"{BELL}{dotted}:{row_id}" if row_id is not None else f"{BELL}{dotted}"


def _ring(dotted: str, queue: str, row_id: int | None = None) -> None:
    if _resting():
        return
    try:
        if connection().set(_key(dotted, row_id), 1, nx=True, ex=BELL_TTL if row_id is None else ROW_TTL):
            arguments = [dotted] if row_id is None else [dotted, row_id]
            _queue(queue).enqueue("contactcenter.jobs.run", *arguments, result_ttl=0, failure_ttl=86400)
    except redis.RedisError as error:
        _rest(error)
        log.warning("jobs.redis_away", extra={"job": dotted})


def _bell(name: str) -> None:
    if _resting():
        return
    try:
        waiting = connection()
        if not waiting.llen(f"{BELL}{name}"):
            waiting.rpush(f"{BELL}{name}", 1)
    except redis.RedisError as error:
        _rest(error)
        log.warning("jobs.redis_away", extra={"bell": name})


def _resting() -> bool:
    return time.monotonic() < _resting_until


def _rest(error: redis.RedisError) -> None:
    """One that refuses costs nothing; one that hangs would cost every request a second."""
    global _resting_until
    if isinstance(error, redis.TimeoutError):
        _resting_until = time.monotonic() + REST


@lru_cache(maxsize=4)
def _patient(timeout: float) -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=timeout + 2, socket_connect_timeout=1)
