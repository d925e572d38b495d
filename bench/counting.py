"""Count what has become of what was sent, by looking into the database from outside."""

import sqlite3
import time
from collections.abc import Callable

import psycopg

from bench.bare import address
from bench.rig import Rig

SAID = "SELECT count(*) FROM tickets_interaction WHERE direction = 'in' AND channel = '{}'"


def counter(rig: Rig, query: str) -> Callable[[], int]:
    """A function that asks the rig's database for one number."""
    if rig.url:
        connection = psycopg.connect(address(rig.url), autocommit=True)
        return lambda: int((connection.execute(query.encode()).fetchone() or (0,))[0])
    file = sqlite3.connect(f"file:{rig.data / 'contactcenter.sqlite3'}?mode=ro", uri=True)
    return lambda: int(file.execute(query).fetchone()[0])


def until(count: Callable[[], int], wanted: int, patience: float) -> float | None:
    """When the count reached what is wanted, as `perf_counter`; None where it stood still for `patience` seconds."""
    last, moved = count(), time.perf_counter()
    while last < wanted:
        if time.perf_counter() - moved > patience:
            return None
        time.sleep(0.02)
        now = count()
        if now != last:
            last, moved = now, time.perf_counter()
    return time.perf_counter()
