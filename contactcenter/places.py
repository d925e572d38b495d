"""Where this start of the centre puts its servers: the environment's word, else a free port, else the usual one."""

import fcntl
import json
import os
import secrets
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import IO

from contactcenter import env, servers

USUAL = {"PORT": 8000, "CC_SMTP_PORT": 2525}
PORTS = ("PORT", "CC_SMTP_PORT", "CC_LIVE_PORT", "CC_MAILBOX_PORT", "CC_SIMULATOR_PORT")
ADVICE = {"PORT": "PORT=8001 ./run", "CC_SMTP_PORT": "CC_SMTP_PORT=2526 ./run"}
PATIENCE = 5.0  # what a start waits for ports and locks of one that was killed a moment ago


class RefusedError(Exception):
    """We cannot start; the text says why and what mends it."""


def lock(data_dir: Path) -> IO[str]:
    """One centre for each data folder: the kernel lets go of the lock, however its holder ends."""
    room = data_dir / "run"
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = (room / "lock").open("a+")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                raise RefusedError(
                    f"A centre already runs on {data_dir}: stop it with Ctrl-C, or run another: CC_DATA_DIR=other ./run"
                ) from None
            time.sleep(0.1)
        else:
            return held


def choose(*, demo: bool) -> dict[str, str]:
    """The port of every server, each free at this moment."""
    taken: set[int] = set()
    chosen = {}
    for name in PORTS:
        wanted = env.number(name, USUAL.get(name, 0))
        port = wanted or _another_free_port(taken)
        if wanted and (demo or name != "CC_MAILBOX_PORT"):
            _wait_until_free(name, port)
        taken.add(port)
        chosen[name] = str(port)
    return chosen


def remember(data_dir: Path, places: dict[str, str]) -> None:
    """Write down, for us alone, where everything is, so that `./run COMMAND` finds it."""
    file = data_dir / env.PLACES
    new = file.with_name(f".places-{secrets.token_hex(4)}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(places, out, indent=1)
    new.replace(file)


def forget(data_dir: Path) -> None:
    """Nothing runs any more."""
    (data_dir / env.PLACES).unlink(missing_ok=True)


def _another_free_port(taken: set[int]) -> int:
    while (port := servers.free_port()) in taken:
        pass
    return port


def _wait_until_free(name: str, port: int) -> None:
    host = env.text("CC_HOST", "127.0.0.1") if name == "PORT" else "127.0.0.1"
    end = time.monotonic() + PATIENCE
    while not _is_free(host, port):
        if time.monotonic() > end:
            other = ADVICE.get(name, f"{name}={port + 1} ./run")
            raise RefusedError(f"Port {port} ({name}) is taken: start with another one, {other}")
        time.sleep(0.1)


def _is_free(host: str, port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
