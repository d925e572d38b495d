"""The simulated days with the telephone as it is: chosen callbacks, slots, abandoned callers called back, retries.

The floor, the order and the people are those of `bench/queue_day.py`; what a caller is told comes from the product's
own `ivr/estimate.py`. Of the callers who hear that it takes two minutes or more, three in ten ask to be called back;
of those dialled, 65 % answer.
"""

import heapq
import random
from bisect import insort
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf, sqrt
from statistics import fmean

from bench.queue_day import (
    AGENTS,
    DAY,
    DAYS,
    KINDS,
    ORDERS,
    SCENES,
    SEEDS,
    WARM_UP,
    Day,
    Item,
    Kind,
    Order,
    Outcome,
    Scene,
    item_of,
    mean,
    table,
    verdicts,
)
from bench.tables import say
from contactcenter.routing.classes import TARGETS_S
from ivr import estimate
from ivr.estimate import Pace

CHOOSE_FROM_S, CHOOSE, PICK_UP = 2 * 60.0, 0.3, 0.65
RING_S = 25.0  # an agent's time where nobody answers
RETRIES_S = (600.0, 3600.0, DAY)  # after the first, the second and the third try in vain; after the fourth: unreached
HALF_HOUR = 1800.0
SMOOTHING = 0.02

PHONE_KINDS = KINDS | {"chosen": Kind(0.0, KINDS["call"].handling, TARGETS_S["call"], live=True)}
FIRST_KINDS = PHONE_KINDS | {"callback": replace(PHONE_KINDS["callback"], target=TARGETS_S["call"])}


@dataclass(frozen=True, slots=True)
class Told:
    """What a caller was told, beside what came of it (seconds)."""

    expected: float
    naive: float
    waited: float

    @property
    def within(self) -> bool:
        """Whether they waited within the range that was announced."""
        return estimate.announced(self.expected).holds(self.waited)


@dataclass(slots=True)
class Phone:
    """What became of the callers, beside the outcome of the whole floor."""

    outcome: Outcome
    told: list[Told] = field(default_factory=list)
    gave_up: int = 0
    reached_same_day: int = 0
    unreached: int = 0
    chose: int = 0


class PhoneDay(Day):
    """The floor with the telephone's own ways."""

    kinds = PHONE_KINDS

    def __init__(self, scene: Scene, order: Order, cap: float | None, seed: int) -> None:
        super().__init__(scene, order, cap, seed)
        self.luck = random.Random(seed + 1)  # apart: the same people come under every order
        self.happens |= {"due": self._due}
        self.expected: dict[int, tuple[float, float]] = {}
        self.call_of: dict[int, Item] = {}  # a callback's item -> the call it is owed to
        self.tries: dict[int, int] = {}
        self.reached: dict[int, float] = {}  # a call -> when its caller was reached by a callback
        self.chose: set[int] = set()
        self.unreached = 0
        self.handling, self.waiting_s, self.left_at = KINDS["call"].handling, 0.0, deque[float]()
        self.live: dict[int, float] = {}

    def _comes(self, now: float, number: int) -> None:
        item = self.items[number]
        if item.kind != "call":
            return super()._comes(now, number)
        ahead = sum(self._held(kind) for kind in ("call", "chosen"))
        pace = self._pace(now)
        expected = 0.0 if self.idle else estimate.wait_s(ahead, pace) or inf
        self.expected[number] = (expected, estimate.naive_wait_s(ahead, pace))
        if expected >= CHOOSE_FROM_S and self.luck.random() < CHOOSE:
            return self._chooses(now, item, expected)
        return super()._comes(now, number)

    def _held(self, kind: str) -> int:
        return sum(not item.left for item in self.lanes[kind])

    def _pace(self, now: float) -> Pace:
        return Pace(agents=self._able(now), handling_s=self.handling, leaving=self._leaving())

    def _able(self, now: float) -> int:
        """Agents who can take calls now: on this floor nobody is called out of written work."""
        return max(self.scene.agents - self.writing, 1)

    def _leaving(self) -> float:
        return max(len(self.left_at) / self.waiting_s if self.waiting_s else 0.0, 1 / 3600)

    def _chooses(self, now: float, call: Item, expected: float) -> None:
        call.left = True
        self.chose.add(call.id)
        slot = -(-(now + expected) // HALF_HOUR) * HALF_HOUR if estimate.offers_slot(expected) else now
        self._owe(call, "chosen", began=slot, at=slot)

    def _leaves(self, now: float, number: int) -> None:
        item = self.items[number]
        if item.taken is not None or item.left:
            return
        item.left = True
        self.waiting_s += now - item.came
        self.left_at.append(now)
        if self.scene.callbacks:
            self._owe(item, "callback", began=item.came, at=now)

    def _owe(self, call: Item, kind: str, *, began: float, at: float) -> None:
        again = self._new(kind, began)
        self.items[again.id] = again
        self.call_of[again.id] = call
        heapq.heappush(self.events, (at, 1, "due", again.id))

    def _new(self, kind: str, began: float) -> Item:
        facts = self.kinds[kind]
        takes = self.luck.expovariate(1 / facts.handling)
        return item_of(len(self.items) + 1, kind, began, takes, target=facts.target)

    def _due(self, now: float, number: int) -> None:
        """It waits from now on, at the place of its caller."""
        item = self.items[number]
        item.queued = now
        lane = list(self.lanes[item.kind])
        insort(lane, item, key=lambda other: (other.came, other.id))
        self.lanes[item.kind] = deque(lane)

    def _begins(self, now: float, item: Item) -> None:
        call = self.call_of.get(item.id)
        if item.kind == "call":
            self.waiting_s += now - item.came
            self.handling += SMOOTHING * (item.takes - self.handling)
        if call is None:
            return super()._begins(now, item)
        if self.luck.random() < PICK_UP:
            self.reached[call.id] = now
            return super()._begins(now, item)
        tried = self.tries[item.id] = self.tries.get(item.id, 0) + 1
        heapq.heappush(self.events, (now + RING_S, 0, "ends", item.id))
        if tried <= len(RETRIES_S):
            heapq.heappush(self.events, (now + RETRIES_S[tried - 1], 1, "due", item.id))
        else:
            item.left = True
            self.unreached += 1
        return None

    def _answered(self, calls: Sequence[Item]) -> float:
        """A callback counts as an answer only where the caller chose it and was really reached."""
        kept = sum(call.id in self.chose and call.id in self.reached for call in calls)
        return (sum(call.taken is not None for call in calls) + kept) / len(calls)

    def phone(self) -> Phone:
        """What became of the callers once the days are over."""
        outcome = self.run()
        calls = (item for item in self.items.values() if item.kind == "call")
        measured = [call for call in calls if call.came >= self.scene.warm_up * DAY]
        gave_up = [call for call in measured if call.left and call.id not in self.chose]
        same_day = [call for call in gave_up if self.reached.get(call.id, inf) // DAY == call.came // DAY]
        told = [
            Told(*self.expected[call.id], call.taken - call.came)
            for call in measured
            if call.taken is not None and call.taken > call.came
        ]
        return Phone(
            outcome=outcome,
            told=told,
            gave_up=len(gave_up),
            reached_same_day=len(same_day),
            unreached=self.unreached,
            chose=len(self.chose),
        )


class OutrankingDay(PhoneDay):
    """The variant: who hung up outranks those who hold the line, as their callback has the same promise."""

    kinds = FIRST_KINDS


def one_run(scene: Scene, name: str, kind: type[PhoneDay], seed: int) -> Phone:
    """One seed under one order."""
    return kind(scene, *ORDERS[name], seed).phone()


def error(told: Sequence[Told], *, naive: bool = False) -> float:
    """The root mean square error of what was told, in seconds."""
    return sqrt(fmean(((one.naive if naive else one.expected) - one.waited) ** 2 for one in told))


def telephone_verdicts(calm: Sequence[Phone], over: Sequence[Phone]) -> list[tuple[str, bool]]:
    """What the telephone is held to, and whether it keeps it."""
    reached = sum(run.reached_same_day for run in calm) / max(sum(run.gave_up for run in calm), 1)
    told = [one for run in over for one in run.told]
    off, naive = error(told), error(told, naive=True)
    within = fmean(one.within for one in told)
    return [
        (f"95 %: {reached * 100:.0f} % of those who hung up are reached the same day (at least 60 %)", reached >= 0.6),
        (
            f"125 %: the estimated wait is off by {off:.0f} s, the naive one by {naive:.0f} s: "
            f"{off / naive:.2f} (at most 0.85)",
            off <= 0.85 * naive,
        ),
        (
            f"125 %: {within * 100:.0f} % of those served waited as long as they were told (at least 70 %)",
            within >= 0.7,
        ),
    ]


def main(seconds: float) -> None:
    """Ten seeds of each order in both scenes, with the telephone's own ways, and the variant beside ours."""
    say(f"{AGENTS} agents, {DAYS} days after {WARM_UP}, {SEEDS} seeds, callbacks and retries; some minutes.")
    outcomes: dict[str, dict[str, Outcome]] = {}
    ours: dict[str, list[Phone]] = {}
    with ProcessPoolExecutor() as pool:
        for scene in SCENES:
            runs = {name: list(pool.map(partial(one_run, scene, name, PhoneDay), range(SEEDS))) for name in ORDERS}
            variant = list(pool.map(partial(one_run, scene, "ours", OutrankingDay), range(SEEDS)))
            outcomes[scene.name] = {name: mean([run.outcome for run in each]) for name, each in runs.items()}
            ours[scene.name] = runs["ours"]
            table(scene, outcomes[scene.name])
            _beside(runs["ours"], variant)
    calm, over = (ours[scene.name] for scene in SCENES)
    for sentence, kept in [*verdicts(outcomes), *telephone_verdicts(calm, over)]:
        say(f"  {'kept    ' if kept else 'NOT KEPT'}  {sentence}")


def _beside(ours: Sequence[Phone], variant: Sequence[Phone]) -> None:
    say("                      answered   wait s   hung up   reached the same day   chose a callback   unreached")
    for name, runs in (("ours", ours), ("hung up goes first", variant)):
        answered, asa = fmean(run.outcome.answered for run in runs), fmean(run.outcome.asa for run in runs)
        gave_up, same = sum(run.gave_up for run in runs), sum(run.reached_same_day for run in runs)
        say(
            f"  {name:20}{answered * 100:>8.1f} %{asa:>9.0f}{gave_up:>10}{same / max(gave_up, 1) * 100:>21.0f} %"
            f"{sum(run.chose for run in runs):>19}{sum(run.unreached for run in runs):>12}"
        )
    say("")
