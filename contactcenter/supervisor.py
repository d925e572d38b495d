"""The process supervisor of the embedded default: starts everything, keeps it running, stops it all.

`./run` becomes this process. It is no Django process itself, so that it stays small and nothing of ours can break it.
"""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from contactcenter import env, leftovers, places, processes, servers
from contactcenter.lifeline import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
BEAT = 0.1  # seconds between two looks at the children
READY_WITHIN = 60.0
STOP_WITHIN = 8.0
STEADY = 10.0  # a child that lived this long starts again at once; a younger one waits, longer each time
TRIES = 3  # deaths before we are ready after which we give up


class StoppedError(Exception):
    """Somebody asked us to stop."""


@dataclass(slots=True)
class Child:
    """One process that we keep running."""

    name: str
    command: list[str]
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    again_at: float = 0.0
    deaths: int = 0

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone; its output joins our errors."""
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.born = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, signum: int) -> None:
        """Signal it and all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signum)
            except ProcessLookupError:
                return


@dataclass(slots=True)
class Supervisor:
    """The centre on one machine."""

    data_dir: Path
    demo: bool
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    children: list[Child] = field(default_factory=list)
    once: bool = False  # stop again as soon as everything is ready, to measure how long that takes
    stopping: bool = False
    is_ready: bool = False

    def run(self) -> int:
        """Start, watch until asked to stop, stop; the exit code."""
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._asked_to_stop)
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = places.lock(self.data_dir)
        try:
            leftovers.end(self.data_dir)
            self._settle()
            self._start_all()
            if not self.once:
                self._watch()
        except StoppedError:
            pass
        finally:
            self._stop_all()
            places.forget(self.data_dir)
            held.close()
        return 0

    def _asked_to_stop(self, signum: int, frame: object) -> None:
        self.stopping = True

    def _settle(self) -> None:
        """Choose the ports, make the demo's keys, and start Redis unless another one is named."""
        chosen = places.choose(demo=self.demo)
        own_redis = not env.text("REDIS_URL")
        if own_redis:
            port, password = servers.free_port(), secrets.token_hex(16)
            chosen["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
        chosen["CC_PUBLIC_BASE_URL"] = env.text("CC_PUBLIC_BASE_URL", f"http://127.0.0.1:{chosen['PORT']}")
        chosen["CC_LIVE_URL"] = env.text("CC_LIVE_URL", f"ws://127.0.0.1:{chosen['CC_LIVE_PORT']}/live/")
        self.environment |= {**chosen, "CC_DATA_DIR": str(self.data_dir), "CC_DEMO": str(int(self.demo))}
        self.environment |= {"CC_LIFELINE": "1", "PYTHONUNBUFFERED": "1"}
        places.remember(self.data_dir, chosen)
        if own_redis:
            command = servers.redis_command(self.data_dir / "redis", port, password)
            self._keep(Child(name="redis", command=command, ready=lambda: servers.listens(port)))

    def _start_all(self) -> None:
        self._wait_until_ready()
        self._prepare()
        for process in processes.of(demo=self.demo):
            command = [sys.executable, "manage.py", process.name]
            self._keep(Child(name=process.name, command=command, ready=self._answers(process)))
        self._wait_until_ready()
        self.is_ready = True
        self._say_ready()

    def _prepare(self) -> None:
        """Migrations, translations, the demo's seed: run to its end; what it prints (the logins) is ours to print."""
        command = [sys.executable, "manage.py", "prepare"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environment, start_new_session=True, preexec_fn=die_with_parent
        ) as preparing:
            while preparing.poll() is None:
                if self.stopping:
                    preparing.terminate()
                    preparing.wait(STOP_WITHIN)
                    raise StoppedError
                time.sleep(BEAT)
            if preparing.returncode:
                raise places.RefusedError("The centre could not be prepared: see above.")

    def _answers(self, process: processes.Process) -> Callable[[], bool]:
        if not process.port:
            return lambda: True
        port = int(self.environment[process.port])
        if process.name == "web":
            return lambda: _gets(f"http://127.0.0.1:{port}/readyz")
        return lambda: servers.listens(port)

    def _keep(self, child: Child) -> None:
        child.start(self.environment)
        self.children.append(child)
        leftovers.note(self.data_dir, [(one.process.pid, one.command) for one in self.children if one.process])

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + READY_WITHIN
        waiting = list(self.children)
        while waiting:
            self._beat()
            waiting = [child for child in waiting if not (child.alive and child.ready())]
            if waiting and time.monotonic() > end:
                raise places.RefusedError(
                    f"Not ready after {READY_WITHIN:.0f} s: {', '.join(c.name for c in waiting)}."
                )

    def _watch(self) -> None:
        while True:
            self._beat()

    def _beat(self) -> None:
        """One look at every child: who died starts again, soon or a little later."""
        if self.stopping:
            raise StoppedError
        now = time.monotonic()
        for child in self.children:
            if not child.alive:
                self._revive(child, now)
        time.sleep(BEAT)

    def _revive(self, child: Child, now: float) -> None:
        if child.process is not None:
            child.deaths = child.deaths + 1 if now - child.born < STEADY else 1
            print(f"{child.name} ended with {child.process.returncode}", file=sys.stderr, flush=True)
            if child.deaths >= TRIES and not self.is_ready:
                raise places.RefusedError(f"{child.name} does not start: see above.")
            child.process = None
            child.again_at = now + (min(2.0 ** (child.deaths - 1), 30.0) if child.deaths > 1 else 0.0)
        elif now >= child.again_at:
            child.start(self.environment)
            leftovers.note(self.data_dir, [(one.process.pid, one.command) for one in self.children if one.process])

    def _stop_all(self) -> None:
        """The doors first, Redis last; whoever does not go in time is killed."""
        doors = [child for child in self.children if child.name != "redis"]
        for group in (doors, [child for child in self.children if child.name == "redis"]):
            for child in group:
                child.send(signal.SIGTERM)
            end = time.monotonic() + STOP_WITHIN
            while any(child.alive for child in group) and time.monotonic() < end:
                time.sleep(BEAT / 2)
            for child in group:
                child.send(signal.SIGKILL)
                if child.process is not None:
                    child.process.wait()
        leftovers.forget(self.data_dir)

    def _say_ready(self) -> None:
        base = self.environment["CC_PUBLIC_BASE_URL"]
        parts = [f"ready {base}/", f"desk {base}/desk/"]
        if self.demo:
            parts.append(f"try it {base}/demo/")
        parts += [f"mail 127.0.0.1:{self.environment['CC_SMTP_PORT']}", f"scans {self.data_dir / 'paper-inbox'}"]
        print(" · ".join(parts), flush=True)


def _gets(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own loopback address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> int:
    """What `./run` becomes."""
    try:
        demo = env.flag("CC_DEMO", default=True)
        data_dir = Path(env.text("CC_DATA_DIR", str(ROOT / "var"))).resolve()
        return Supervisor(data_dir=data_dir, demo=demo, once="--once" in sys.argv).run()
    except (places.RefusedError, servers.MissingError, env.EnvError) as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
