"""What a measurement runs on: its own PostgreSQL or SQLite, its own Redis, its own data folder, the project's commands.

Everything lies in one temporary folder, listens on loopback alone, and is stopped and removed at the end.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from contactcenter.lifeline import die_with_parent
from contactcenter.processes import PROCESSES
from contactcenter.servers import free_port, listens, postgres_server, redis_server

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("postgresql", "sqlite")
STOPPING = 10.0
WORKERS = 2
PORTS = {process.name: process.port for process in PROCESSES if process.port}


@dataclass(slots=True)
class Rig:
    """A centre of its own, of which nothing runs yet: its database, its folder, and the environment of its commands."""

    database: str
    url: str
    folder: Path
    env: dict[str, str]

    @property
    def port(self) -> int:
        """Where the web server is."""
        return int(self.env["PORT"])

    @property
    def smtp_port(self) -> int:
        """Where mail is taken."""
        return int(self.env["CC_SMTP_PORT"])

    @property
    def data(self) -> Path:
        """The centre's own folder."""
        return Path(self.env["CC_DATA_DIR"])

    @property
    def token(self) -> str:
        """The service's bearer token."""
        return self.env["CC_API_TOKEN"]

    def manage(self, *command: str) -> str:
        """Run one of the project's commands to its end; what it printed."""
        return self.python("manage.py", *command)

    def python(self, *command: str) -> str:
        """Run Python to its end in the project's environment; what it printed."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
        return done.stdout

    @contextmanager
    def running(self, *commands: str) -> Iterator[None]:
        """Some of the project's processes, for a while; each listens once this begins."""
        with ExitStack() as stack:
            for command in commands:
                port = int(self.env.get(PORTS.get(command, ""), 0))
                stack.enter_context(self.spawned([sys.executable, "manage.py", command], self.env, port))
            yield

    @contextmanager
    def spawned(self, command: list[str], env: dict[str, str], port: int = 0, cwd: Path = ROOT) -> Iterator[None]:
        """Any process, in a session of its own, for a while."""
        path = self.folder / f"{secrets.token_hex(4)}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # a measurement that is killed leaves nothing behind
            )
        try:
            if port:
                wait_for(port, process, path)
            yield
        finally:
            stop(process)


@contextmanager
def rig(database: str) -> Iterator[Rig]:
    """A fresh, migrated and seeded centre."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))
        folder.chmod(0o755)  # PostgreSQL's own user has to reach its folder inside
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = ""
        if database == "postgresql":
            url = stack.enter_context(postgres_server(folder / "postgresql", durable=True))
        redis_url = stack.enter_context(redis_server(folder / "redis"))
        made = Rig(database=database, url=url, folder=folder, env=_environment(folder, url, redis_url))
        made.manage("prepare")
        yield made


def _environment(folder: Path, url: str, redis_url: str) -> dict[str, str]:
    """The whole environment of the measured centre: nothing of the caller's own gets in."""
    port = str(free_port())
    theirs = {name: value for name, value in os.environ.items() if not name.startswith(("CC_", "TWILIO_"))}
    ours = {
        "CC_DATA_DIR": str(folder / "data"),
        "CC_DEMO": "1",
        "CC_LIFELINE": "1",  # its workers end with it
        "CC_API_TOKEN": secrets.token_urlsafe(16),
        "TWILIO_AUTH_TOKEN": secrets.token_urlsafe(16),
        "CC_SMTP_PORT": str(free_port()),
        "CC_MAILBOX_PORT": str(free_port()),
        "PORT": port,
        "CC_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
    }
    return theirs | ours


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path, seconds: float = 30.0) -> None:
    """Until the process listens there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        if listens(port):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}:\n{log.read_text()[-3000:]}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and its children."""
    for what in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, what)
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            continue
