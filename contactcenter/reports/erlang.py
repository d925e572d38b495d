"""How many agents are enough: Erlang A, which lets callers lose patience, and Erlang C as its limit (pure).

Calls come at random, last and are waited for exponentially. Erlang A: C. Palm 1943; O. Garnett, A. Mandelbaum and
M. Reiman, "Designing a Call Center with Impatient Customers", M&SOM 4(3), 2002, whose table 1 the tests repeat.
Times share one unit, here seconds.
"""

from dataclasses import dataclass
from math import ceil, exp, expm1, log

NEGLIGIBLE = 40.0  # e^-40 of the likeliest state
FINENESS = 4  # steps of Simpson's rule for each call that the agents end


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What to expect: shares of all calls; `wait_s` is the mean wait of all, the abandoned too; `load` is in agents."""

    waiting: float
    within: float
    abandoned: float
    wait_s: float
    occupancy: float
    load: float

    @property
    def answered(self) -> float:
        """The share answered at all, however late."""
        return 1 - self.abandoned


def outlook(
    agents: int, *, calls: float, over_s: float, handling_s: float, patience_s: float, within_s: float
) -> Outlook:
    """What `agents` make of `calls` in `over_s` seconds. `patience_s` is a mean, `inf` for Erlang C.

    Raises ValueError for what is not more than nothing, and where callers who never give up bring as much work as the
    agents can do, or more: their queue grows for ever.
    """
    if agents < 1 or min(calls, over_s, handling_s, patience_s) <= 0 or within_s < 0:
        raise ValueError("agents, calls, handling and patience must be more than nothing")
    rate, ending, leaving = calls / over_s, agents / handling_s, 1 / patience_s
    if leaving == 0 and rate >= ending:
        raise ValueError("without abandonment the load must stay below the number of agents")
    logs, likeliest = [0.0], 0.0  # of n calls being there, beside none
    while len(logs) <= agents or logs[-1] > likeliest - NEGLIGIBLE:
        n = len(logs)
        logs.append(logs[-1] + log(rate / (min(n, agents) / handling_s + max(n - agents, 0) * leaving)))
        likeliest = max(likeliest, logs[-1])
    total = likeliest + log(sum(exp(each - likeliest) for each in logs))
    full = [exp(each - total) for each in logs[agents:]]  # every agent busy, and n calls waiting
    waiting, queue = sum(full), sum(n * share for n, share in enumerate(full))

    def answered_after(wait: float) -> float:
        """The density, over all calls, of being answered after exactly this wait: summed over all queue lengths."""
        before = -rate / leaving * expm1(-leaving * wait) if leaving else rate * wait
        return exp(logs[agents] - total + log(ending) - (ending + leaving) * wait + before)

    steps = 2 * ceil(FINENESS * within_s * ending / 2 + 50)
    weighed = (answered_after(within_s * n / steps) * _weight(n, steps) for n in range(steps + 1))
    abandoned, load = queue * leaving / rate, rate * handling_s
    return Outlook(
        waiting=waiting,
        within=min(1 - waiting + sum(weighed) * within_s / steps / 3, 1.0),
        abandoned=abandoned,
        wait_s=queue / rate,
        occupancy=load * (1 - abandoned) / agents,
        load=load,
    )


def _weight(n: int, steps: int) -> int:
    return 1 if n in (0, steps) else 4 if n % 2 else 2
