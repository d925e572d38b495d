"""The yardstick of taking: a bare table of what waits, and nothing but `FOR UPDATE SKIP LOCKED`."""

import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from bench.bare import address
from bench.load import Tally
from bench.rig import Rig

LAY = (
    "CREATE TABLE bare_queue (id bigint PRIMARY KEY, enqueued_at timestamptz NOT NULL, taken_by int)",
    "INSERT INTO bare_queue SELECT n, now() - n * interval '1 s', NULL FROM generate_series(1, {}) n",
    "CREATE INDEX ON bare_queue (enqueued_at) WHERE taken_by IS NULL",
    "ANALYZE bare_queue",
)
TAKE = """
    UPDATE bare_queue SET taken_by = %s WHERE id = (
        SELECT id FROM bare_queue WHERE taken_by IS NULL ORDER BY enqueued_at FOR UPDATE SKIP LOCKED LIMIT 1
    )
"""


def loop(made: Rig, items: int, clients: int, seconds: float) -> Tally:
    """How often so many clients can take the first that nobody else is taking, with nothing around it."""
    with psycopg.connect(address(made.url), autocommit=True) as connection:
        for statement in LAY:
            connection.execute(statement.format(items).encode())
    tally = Tally(seconds=seconds)

    def take(client: int) -> None:
        with psycopg.connect(address(made.url), autocommit=True) as connection:
            end = time.perf_counter() + seconds
            while (began := time.perf_counter()) < end:
                connection.execute(TAKE.encode(), [client])
                tally.times.append(time.perf_counter() - began)

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(take, range(clients)))
    tally.statuses[200] = len(tally.times)
    return tally
