"""`./run bench memory`: what each process holds at rest (PSS: what it shares is divided among those who share it).

Every process of the centre runs, has served a few pages or jobs, and then has nothing to do. Beside it, in the same
run, a worker of the bare view: Django with one table and nothing of ours.
"""

import os
import time
from contextlib import ExitStack
from pathlib import Path

from bench.load import get, hammer
from bench.rig import Rig, rig
from bench.tables import say
from bench.yardstick import bare_view
from contactcenter.processes import PROCESSES
from contactcenter.servers import free_port

PROC = Path("/proc")
TRIO, TRIO_LIMIT, ALL_LIMIT = ("web worker", "live", "worker"), 300, 800
PAGES = ("/", "/login/", "/desk/", "/api/v1/tickets", "/api/v1/queue", "/api/v1/procedures", "/wallboard/")
REST = 5.0  # seconds


def main(seconds: float) -> None:
    """PostgreSQL, as in production; Linux alone tells the PSS."""
    if not (PROC / "self/smaps_rollup").exists():
        raise SystemExit("Only Linux tells how much memory processes share.")
    with ExitStack() as stack:
        made = stack.enter_context(rig("postgresql"))
        for name in ("CC_LIVE_PORT", "CC_SIMULATOR_PORT"):
            made.env[name] = str(free_port())
        stack.enter_context(bare_view(made))
        stack.enter_context(made.running(*(process.name for process in PROCESSES)))
        _use(made)
        time.sleep(REST)
        _tell(_held())


def _use(made: Rig) -> None:
    header = f"Authorization: Bearer {made.token}"
    for _ in range(3):  # every worker and thread has its turn
        hammer(made.port, [iter([get(path, header) for path in PAGES]) for _ in range(8)], 30.0)


def _tell(held: dict[str, list[int]]) -> None:
    say("PSS at rest, MB")
    for name, sizes in held.items():
        say(f"  {name:12} {' + '.join(f'{_mb(size):.0f}' for size in sizes)}")
    ours = sum(size for name, sizes in held.items() if name != "bare view" for size in sizes)
    trio = sum(_one_of(name, held) for name in TRIO)
    say(f"  one web worker + live + worker: {_mb(trio):.0f} (limit {TRIO_LIMIT})")
    say(f"  all of our Python processes:    {_mb(ours):.0f} (limit {ALL_LIMIT})")


def _one_of(name: str, held: dict[str, list[int]]) -> int:
    """Of the web workers the largest; the worker with the process that it keeps beside it for slow jobs."""
    return max(held[name]) if name == "web worker" else sum(held[name])


def _held() -> dict[str, list[int]]:
    """The PSS of our children and of theirs, by what they are."""
    held: dict[str, list[int]] = {}
    for pid in _children(os.getpid()):
        words = (PROC / str(pid) / "cmdline").read_text().split("\0")
        name = words[words.index("manage.py") + 1] if "manage.py" in words else ""
        name = "bare view" if "granian" in words else name
        if not name:
            continue  # PostgreSQL and Redis are not ours
        below = "web worker" if name == "web" else name
        held.setdefault(name, []).append(_pss(pid))
        held.setdefault(below, []).extend(_pss(child) for child in _all_below(pid))
    return held


def _children(pid: int) -> list[int]:
    tasks = (PROC / str(pid) / "task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _all_below(pid: int) -> list[int]:
    return [found for child in _children(pid) for found in (child, *_all_below(child))]


def _pss(pid: int) -> int:
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _mb(size: int) -> float:
    return size / 1_000_000
