"""The yardsticks of the same run: the bare view, and a loop of the same inserts without anything around it."""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import psycopg

from bench import bare
from bench.load import hammer, post
from bench.rig import WORKERS, Rig
from contactcenter.servers import free_port

CLIENTS = 8
SECONDS = 2.0  # each time that the bare view is measured
TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, call_sid text NOT NULL, caller text NOT NULL)"


@contextmanager
def bare_view(rig: Rig) -> Iterator[Callable[[], float] | None]:
    """The bare view on the rig's PostgreSQL, served as the product is; yields what measures it: requests a second."""
    if not rig.url:
        yield None
        return
    with psycopg.connect(bare.address(rig.url), autocommit=True) as connection:
        connection.execute(TABLE)
    port, stretches = free_port(), itertools.count()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    env = {**os.environ, "BARE_DATABASE": rig.url}

    def measure() -> float:
        mark = f"{next(stretches)}-"
        return hammer(port, [_signed(f"{mark}{client}-") for client in range(CLIENTS)], SECONDS).rate

    with rig.spawned([*command, "--workers", str(WORKERS), "bench.bare:application"], env, port):
        measure()
        yield measure


def _signed(mark: str) -> Iterator[bytes]:
    for number in itertools.count():
        fields = {"CallSid": f"CA{mark}{number}", "From": "+33639980001"}
        form = "application/x-www-form-urlencoded"
        signature = f"X-Twilio-Signature: {bare.signature('/bare', fields)}"
        yield post("/bare", urlencode(fields).encode(), form, signature)


def insert_loop(rig: Rig, what: str, seconds: float) -> float:
    """How often a second one client can make the writes of one request, with nothing around them."""
    return float(rig.python("-m", "bench.looping", what, str(seconds)))
