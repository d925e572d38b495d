"""What a measurement prints."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured thing: how many a second, how slow the slowest twentieth, how many failed."""

    what: str
    rate: float
    p95_ms: float = 0.0
    failed: int = 0


def say(text: str) -> None:
    """A line at once, so that the reader sees that something goes on."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(title: str, lines: list[Line], yardstick: float, loop: float, wanted: Mapping[str, float]) -> None:
    """One line for each thing measured, with its share of the bare view and of the bare loop."""
    say(f"\n{title}")
    say(f"  {'':14}{'per second':>11}{'p95 ms':>9}{'failed':>8}{'of bare view':>14}{'wanted':>8}{'of the loop':>13}")
    for line in lines:
        share = f"{line.rate / yardstick:.2f}" if yardstick else "-"
        goal = f"{wanted[line.what]:.2f}" if line.what in wanted and title == "postgresql" else ""
        slow = f"{line.p95_ms:.0f}" if line.p95_ms else "-"
        of_loop = f"{line.rate / loop:.2f}" if loop else "-"
        say(f"  {line.what:14}{line.rate:>11.1f}{slow:>9}{line.failed:>8}{share:>14}{goal:>8}{of_loop:>13}")
    say("")
