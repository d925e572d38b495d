"""Written work of an interval, by channel and by class: what arrived, what was finished, and how late."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contactcenter.reports.shares import decile
from contactcenter.reports.waits import first_taken
from contactcenter.routing.classes import LIVE_KINDS, rank
from contactcenter.routing.models import WorkItem

WRITTEN = ("email", "web", "paper")


@dataclass(slots=True, kw_only=True)
class Tally:
    """How much arrived, was finished, and that after its promise; `waits` are those of what was taken, in promises."""

    arrived: int = 0
    finished: int = 0
    late: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def lateness(self) -> float | None:
        """What nine in ten of those taken had waited, in promises; None where nothing was taken."""
        return decile(self.waits)

    def add(self, other: "Tally") -> None:
        """Count the other's as well."""
        self.arrived += other.arrived
        self.finished += other.finished
        self.late += other.late
        self.waits += other.waits


@dataclass(slots=True)
class Written:
    """The tallies of one interval, by channel and by the class that each piece of work has now."""

    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def of(self, channel: str, service_class: str) -> Tally:
        """The tally to count in."""
        return self.tallies.setdefault((channel, service_class), Tally())

    @property
    def arrived(self) -> dict[str, int]:
        """By channel."""
        return {name: sum(one.arrived for one in self._of_channel(name)) for name in WRITTEN}

    @property
    def finished(self) -> dict[str, int]:
        """By channel."""
        return {name: sum(one.finished for one in self._of_channel(name)) for name in WRITTEN}

    @property
    def whole(self) -> Tally:
        """Over all channels and classes."""
        return _sum(self.tallies.values())

    @property
    def by_class(self) -> list[tuple[str, str, Tally]]:
        """Each channel's classes, the fastest promise first."""
        keys = sorted(self.tallies, key=lambda key: (WRITTEN.index(key[0]), rank(key[1])))
        return [(*key, self.tallies[key]) for key in keys]

    def _of_channel(self, name: str) -> list[Tally]:
        return [one for (channel, _class), one in self.tallies.items() if channel == name]


def _sum(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for one in tallies:
        whole.add(one)
    return whole


def together(parts: Iterable[Written]) -> Written:
    """All intervals as one."""
    whole = Written()
    for part in parts:
        for key, one in part.tallies.items():
            whole.of(*key).add(one)
    return whole


def by_interval(begins: Sequence[datetime], end: datetime, offices: Collection[int] | None) -> list[Written]:
    """Each interval's, which ends where the next begins, the last at `end`; what happens counts where it happens."""
    found = [Written() for _begin in begins]

    def at(moment: datetime) -> Written:
        return found[bisect_right(begins, moment) - 1]

    items = WorkItem.objects.exclude(kind__in=LIVE_KINDS).filter(channel__in=WRITTEN)
    if offices is not None:
        items = items.filter(lane__queue__office__in=offices)
    arrived = items.filter(created_at__gte=begins[0], created_at__lt=end)
    for channel, named, created_at in arrived.values_list("channel", "lane__service_class", "created_at").iterator():
        at(created_at).of(channel, named).arrived += 1
    finished = items.filter(done_at__gte=begins[0], done_at__lt=end)
    rows = finished.values_list("channel", "lane__service_class", "done_at", "due_at")
    for channel, named, done_at, due_at in rows.iterator():
        tally = at(done_at or end).of(channel, named)
        tally.finished += 1
        tally.late += bool(done_at and done_at > due_at)
    for one in first_taken(begins[0], end, offices):
        if one.channel in WRITTEN and one.kind not in LIVE_KINDS:
            at(one.at).of(one.channel, one.service_class).waits.append(one.lateness)
    return found
