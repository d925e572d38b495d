"""How an expected wait is said (pure)."""

from functools import lru_cache

from ivr.estimate import Range, announced

LONGEST_S = 3600  # of an estimate: what is said of a longer one is the same


def told(wait: Range) -> tuple[str, dict[str, int]]:
    """The prompt that says it, with its numbers."""
    if wait.high is None:
        return "wait_over", {"count": wait.low}
    if wait.low == 0:
        return "wait_under", {"count": wait.high}
    return "wait_between", {"low": wait.low, "count": wait.high}


@lru_cache(maxsize=1)
def all_told() -> tuple[tuple[str, dict[str, int]], ...]:
    """Everything that is ever said of a wait, the shortest first."""
    seen = dict.fromkeys(announced(float(second)) for second in range(LONGEST_S + 1))
    return tuple(told(wait) for wait in seen)
