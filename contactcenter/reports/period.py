"""What happened in a day or a month, interval by interval: the report that supervisors read, print and pass on."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError
from contactcenter.reports import phone
from contactcenter.reports.occupancy import occupancy_between
from contactcenter.reports.phone import Phone
from contactcenter.routing.classes import LIVE_KINDS
from contactcenter.routing.models import WorkItem

WRITTEN = ("email", "web", "paper")
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day, in hours, or a month, in days, by an office's own clock: 23 or 25 hours when the clocks change."""

    first: date
    monthly: bool
    zone: ZoneInfo

    @property
    def after(self) -> date:
        """The first day that is no longer part of it."""
        return (self.first + timedelta(days=32)).replace(day=1) if self.monthly else self.first + timedelta(days=1)

    @property
    def starts(self) -> list[datetime]:
        """When each interval begins, and last the end of the whole."""
        if self.monthly:
            days = (self.after - self.first).days
            return [self._midnight(self.first + timedelta(days=number)) for number in range(days + 1)]
        start, end = self._midnight(self.first), self._midnight(self.after)
        hours = round((end - start) / HOUR)
        return [start + number * HOUR for number in range(hours)] + [end]

    @property
    def name(self) -> str:
        """As a heading names it."""
        return str(date_format(self.first, "F Y" if self.monthly else "l j F Y"))

    @property
    def asked(self) -> str:
        """As an address asks for it."""
        return f"month={self.first:%Y-%m}" if self.monthly else f"day={self.first:%Y-%m-%d}"

    def label(self, start: datetime) -> str:
        """An interval's name: the hour or the day at which it begins; an hour that comes again says by which offset."""
        here = start.astimezone(self.zone)
        if self.monthly:
            return f"{here:%d}"
        offset = here.isoformat()[-6:]
        return f"{here:%H:%M} {offset}" if here.fold else f"{here:%H:%M}"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(slots=True, kw_only=True)
class Written:
    """Written work: how much arrived and was finished, by channel, and how much was finished after its promise."""

    arrived: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WRITTEN, 0))
    finished: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WRITTEN, 0))
    late: int = 0

    @property
    def all_arrived(self) -> int:
        """Over all channels."""
        return sum(self.arrived.values())

    @property
    def all_finished(self) -> int:
        """Over all channels."""
        return sum(self.finished.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One interval, or all of them."""

    label: str
    phone: Phone
    written: Written

    @property
    def quiet(self) -> bool:
        """Nothing came and nothing was finished."""
        return not (self.phone.offered or self.written.all_arrived or self.written.all_finished)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A period's intervals and their sum. `occupancy` is that of the whole period."""

    period: Period
    rows: list[Row]
    total: Row
    occupancy: float | None


def period_asked(day: str, month: str, zone: ZoneInfo, today: date) -> Period:
    """The period named as 2026-11-23 or 2026-11; today where none is. InvalidError says what to write instead."""
    text = f"{month}-01" if month else day
    try:
        first = parse_date(text) if text else today
        if first is None or not date(2000, 1, 1) <= first <= today:
            raise ValueError(text)
    except ValueError:
        how = _("“%(text)s” is no day or month until today: write it as 2026-11-23 or 2026-11.")
        raise InvalidError(how % {"text": (month or day)[:40]}) from None
    return Period(first=first, monthly=bool(month), zone=zone)


def report(period: Period, offices: Collection[int] | None, now: datetime) -> Report:
    """The period's figures so far, for these offices; None is all. The same queries however long it is."""
    starts = period.starts
    begins, end = starts[:-1], starts[-1]
    calls = phone.calls_between(starts[0], end, offices)
    written = _written(begins, end, offices)
    rows = [
        Row(label=period.label(start), phone=of_phone, written=of_written)
        for start, of_phone, of_written in zip(begins, phone.by_interval(calls, begins), written, strict=True)
        if start <= now
    ]
    total = Row(label=_("Together"), phone=phone.figures(calls), written=_sum(written))
    until = min(end, now)
    occupancy = occupancy_between(starts[0], until, offices) if until > starts[0] else None
    return Report(period=period, rows=rows, total=total, occupancy=occupancy)


def _written(begins: Sequence[datetime], end: datetime, offices: Collection[int] | None) -> list[Written]:
    items = WorkItem.objects.exclude(kind__in=LIVE_KINDS).filter(channel__in=WRITTEN)
    if offices is not None:
        items = items.filter(lane__queue__office__in=offices)
    found = [Written() for _begin in begins]
    arrived = items.filter(created_at__gte=begins[0], created_at__lt=end).values_list("channel", "created_at")
    for channel, at in arrived.iterator():
        found[bisect_right(begins, at) - 1].arrived[channel] += 1
    finished = items.filter(done_at__gte=begins[0], done_at__lt=end).values_list("channel", "done_at", "due_at")
    for channel, done_at, due_at in finished.iterator():
        one = found[bisect_right(begins, done_at or end) - 1]
        one.finished[channel] += 1
        one.late += bool(done_at and done_at > due_at)
    return found


def _sum(parts: Iterable[Written]) -> Written:
    whole = Written()
    for part in parts:
        for channel in WRITTEN:
            whole.arrived[channel] += part.arrived[channel]
            whole.finished[channel] += part.finished[channel]
        whole.late += part.late
    return whole
