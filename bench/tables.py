"""What a measurement prints."""

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

UNBOUNDED: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured thing: how many a second, how slow the slowest twentieth, how many failed.

    `yardstick` is what the bare view did just before and just after it.
    """

    what: str
    rate: float
    p95_ms: float = 0.0
    failed: int = 0
    yardstick: float = 0.0


def say(text: str) -> None:
    """A line at once, so that the reader sees that something goes on."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def beside(line: Callable[[], Line], yardstick: Callable[[], float] | None) -> Line:
    """The line, with what the bare view did just before and after it: other work on the machine then weighs on both."""
    before = yardstick() if yardstick else 0.0
    measured = line()
    after = yardstick() if yardstick else 0.0
    return replace(measured, yardstick=(before + after) / 2)


def table(
    title: str,
    lines: list[Line],
    loop: float,
    wanted: Mapping[str, float],
    within_ms: Mapping[str, float] = UNBOUNDED,
) -> None:
    """One line for each thing measured, with its share of the bare view and of the bare loop.

    What falls short of its share, is slower (p95) than it may be, or fails, is marked.
    """
    say(f"\n{title}")
    say("              per second  p95 ms  failed  bare view  share  wanted  of the loop")
    for line in lines:
        share = f"{line.rate / line.yardstick:.2f}" if line.yardstick else "-"
        bare = f"{line.yardstick:.0f}" if line.yardstick else "-"
        goal = f"{wanted[line.what]:.2f}" if line.what in wanted and line.yardstick else ""
        slow = f"{line.p95_ms:.0f}" if line.p95_ms else "-"
        of_loop = f"{line.rate / loop:.2f}" if loop else "-"
        said = f"{of_loop:>13}   missed" if _misses(line, wanted, within_ms) else f"{of_loop:>13}"
        say(f"  {line.what:12}{line.rate:>11.1f}{slow:>8}{line.failed:>8}{bare:>11}{share:>7}{goal:>8}{said}")
    for what, most in within_ms.items():
        say(f"  wanted of {what}: p95 within {most:.0f} ms")
    say("")


def _misses(line: Line, wanted: Mapping[str, float], within_ms: Mapping[str, float]) -> bool:
    too_few = bool(line.yardstick) and line.rate / line.yardstick < wanted.get(line.what, 0.0)
    return too_few or line.p95_ms > within_ms.get(line.what, math.inf) or line.failed > 0
