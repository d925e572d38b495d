"""Several at the same moment: real threads, one barrier, each with its own connection to the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
PATIENCE = 60


def together(*acts: Callable[[], T]) -> list[T]:
    """What each act returned, all begun at once; an act's exception is raised here."""
    barrier = Barrier(len(acts))
    with ThreadPoolExecutor(len(acts)) as pool:
        begun = [pool.submit(partial(_begin, act, barrier)) for act in acts]
        return [one.result(timeout=PATIENCE) for one in begun]


def six_times(act: Callable[[], T]) -> list[T]:
    """The same act by six at once."""
    return together(*[act] * 6)


def _begin(act: Callable[[], T], barrier: Barrier) -> T:
    try:
        connection.ensure_connection()
        barrier.wait(PATIENCE)
        return act()
    finally:
        connection.close()
