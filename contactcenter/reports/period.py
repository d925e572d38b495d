"""What happened in a day or a month, interval by interval: the report that supervisors read, print and pass on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError
from contactcenter.reports import phone, written
from contactcenter.reports.calls import calls_between
from contactcenter.reports.occupancy import occupancy, occupancy_by_interval, spans_between
from contactcenter.reports.phone import Phone
from contactcenter.reports.written import Written

HOUR, HALF = timedelta(hours=1), timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A day, in hours or half-hours, or a month, in days, by an office's own clock: 23 or 25 hours when it changes."""

    first: date
    monthly: bool
    zone: ZoneInfo
    step: timedelta = HOUR

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
        steps = round((end - start) / self.step)
        return [start + number * self.step for number in range(steps)] + [end]

    @property
    def name(self) -> str:
        """As a heading names it."""
        return str(date_format(self.first, "F Y" if self.monthly else "l j F Y"))

    @property
    def asked(self) -> str:
        """As an address asks for it."""
        if self.monthly:
            return f"month={self.first:%Y-%m}"
        return f"day={self.first:%Y-%m-%d}" + ("&step=30" if self.step == HALF else "")

    def label(self, start: datetime) -> str:
        """An interval's name: the hour or the day at which it begins; an hour that comes again says by which offset."""
        here = start.astimezone(self.zone)
        if self.monthly:
            return f"{here:%d}"
        offset = here.isoformat()[-6:]
        return f"{here:%H:%M} {offset}" if here.fold else f"{here:%H:%M}"

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One interval, or all of them."""

    label: str
    phone: Phone
    written: Written
    occupancy: float | None

    @property
    def quiet(self) -> bool:
        """Nothing came and nothing was finished."""
        whole = self.written.whole
        return not (self.phone.offered or whole.arrived or whole.finished)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A period's intervals and their sum."""

    period: Period
    rows: list[Row]
    total: Row


def period_asked(day: str, month: str, zone: ZoneInfo, today: date, step: str = "") -> Period:
    """The period named as 2026-11-23 or 2026-11; today where none is. InvalidError says what to write instead.

    `step` "30" asks for half-hours, by which an office's load is judged; anything else is hours.
    """
    text = f"{month}-01" if month else day
    try:
        first = parse_date(text) if text else today
        if first is None or not date(2000, 1, 1) <= first <= today:
            raise ValueError(text)
    except ValueError:
        how = _("“%(text)s” is no day or month until today: write it as 2026-11-23 or 2026-11.")
        raise InvalidError(how % {"text": (month or day)[:40]}) from None
    return Period(first=first, monthly=bool(month), zone=zone, step=HALF if step == "30" else HOUR)


def report(period: Period, offices: Collection[int] | None, now: datetime) -> Report:
    """The period's figures so far, for these offices; None is all. The same queries however long it is."""
    starts = period.starts
    begins, end = starts[:-1], starts[-1]
    shown_until = next((start for start in starts if start > now), end)
    calls, hours = calls_between(starts[0], end, offices), phone.hours_between(starts[0], shown_until, offices)
    of_written = written.by_interval(begins, end, offices)
    there, busy = spans_between(starts[0], min(end, now), offices)
    rows = [
        Row(label=period.label(start), phone=of_phone, written=of_written, occupancy=occupied)
        for start, of_phone, of_written, occupied in zip(
            begins,
            phone.by_interval(calls, begins, hours),
            of_written,
            occupancy_by_interval(there, busy, starts),
            strict=True,
        )
        if start <= now
    ]
    total = Row(
        label=_("Together"),
        phone=phone.figures(calls, hours),
        written=written.together(of_written),
        occupancy=occupancy(there, busy, start=starts[0], end=end),
    )
    return Report(period=period, rows=rows, total=total)
