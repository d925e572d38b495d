"""Parts of a whole (pure)."""

from collections.abc import Sequence
from math import ceil


def ratio(part: float, whole: float) -> float | None:
    """None where there is no whole."""
    return part / whole if whole > 0 else None


def decile(values: Sequence[float]) -> float | None:
    """What nine in ten stay at or below; None where there are none."""
    return sorted(values)[ceil(len(values) * 0.9) - 1] if values else None
