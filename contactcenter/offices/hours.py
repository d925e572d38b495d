"""Opening hours: whether we are open, how much opening time passed, and when so much will have passed.

Hours are a week as JSON, `{"mon": [["08:30", "12:30"], ["13:30", "24:00"]], …}`, in the office's time zone; public
holidays close. In the demo an office is open at all hours. An office none of whose doors has hours counts every hour.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from contactcenter.offices.models import Office

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FARTHEST = 800  # days; beyond that hours that never open would be searched for ever
KEPT_FOR = timedelta(seconds=30)
MIDNIGHT = time(0)  # as the end of a span: the midnight that ends the day

Span = tuple[time, time]
Week = tuple[tuple[Span, ...], ...]


class HoursError(ValueError):
    """Hours that nobody could keep; the text says which."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours of an office: its week, its zone, where its holidays are, and the days it is closed besides."""

    week: Week
    zone: str
    department: str = ""
    closed: frozenset[date] = frozenset()


def parse_week(value: object) -> Week:
    """Seven days of spans from JSON. Raises HoursError naming the day and what is wrong with it."""
    if not isinstance(value, dict):
        raise HoursError(_('Hours are a list of spans per day, such as {"mon": [["08:30", "18:00"]]}.'))
    unknown = set(value) - set(DAYS)
    if unknown:
        facts = {"days": ", ".join(sorted(map(str, unknown))), "known": ", ".join(DAYS)}
        raise HoursError(_("Unknown day %(days)s: use %(known)s.") % facts)
    return tuple(_parse_day(day, value.get(day, [])) for day in DAYS)


def has_hours(value: object) -> bool:
    """Whether somebody is ever there: a week without a single span, or one that nobody can read, opens nothing."""
    try:
        return any(parse_week(value))
    except HoursError:
        return False


def _parse_day(day: str, spans: object) -> tuple[Span, ...]:
    try:
        parsed = tuple((time.fromisoformat(start), _end(end)) for start, end in spans)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise HoursError(
            _('%(day)s: write each span as two times, such as ["08:30", "18:00"].') % {"day": day}
        ) from error
    edges = [edge for start, end in parsed for edge in (_minute(start), _minute(end) or 24 * 60)]
    if edges != sorted(edges) or any(map(_empty, parsed)):
        raise HoursError(_("%(day)s: spans must end after they begin, and follow one another.") % {"day": day})
    return parsed


def _end(text: str) -> time:
    return MIDNIGHT if text in ("24:00", "00:00") else time.fromisoformat(text)


def _minute(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def _empty(span: Span) -> bool:
    return span[0] == span[1] != MIDNIGHT


def is_open(office: "Office", at: datetime) -> bool:
    """Whether the office is open at this instant."""
    calendar = calendar_of(office)
    if calendar is None:
        return True
    local = at.astimezone(ZoneInfo(calendar.zone))
    return any(start <= at.astimezone(UTC) < end for start, end in _spans(calendar, local.date()))


def opening_seconds(office: "Office | int", start: datetime, end: datetime) -> float:
    """The opening time between two instants, in seconds; 0 where the end is not after the start.

    The office may be given by its number: where many are counted, no row is made of it for each.
    """
    if end <= start:
        return 0.0
    calendar = calendar_of(office)
    if calendar is None:
        return (end - start).total_seconds()
    return between(calendar, start, end)


def add_opening(office: "Office", start: datetime, length: timedelta) -> datetime:
    """The instant by which so much opening time has passed since `start`."""
    calendar = calendar_of(office)
    return start + length if calendar is None else after(calendar, start, length)


def opening_before(office: "Office", end: datetime, length: timedelta) -> datetime:
    """The earliest instant from which no more than so much opening time passes until `end`."""
    calendar = calendar_of(office)
    return end - length if calendar is None else before(calendar, end, length)


def between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """The opening seconds of a calendar between two instants."""
    first = start.astimezone(ZoneInfo(calendar.zone)).date()
    last = end.astimezone(ZoneInfo(calendar.zone)).date()
    total = 0.0
    for day in _days(first, last):
        for opens, closes in _spans(calendar, day):
            total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
    return total


def after(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """The instant by which `length` of a calendar's opening time has passed since `start`."""
    left = length
    first = start.astimezone(ZoneInfo(calendar.zone)).date()
    for day in _days(first, first + timedelta(days=FARTHEST)):
        for opens, closes in _spans(calendar, day):
            begin = max(opens, start)
            if begin >= closes:
                continue
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
    return start + length


def before(calendar: Calendar, end: datetime, length: timedelta) -> datetime:
    """The earliest instant from which no more than `length` of a calendar's opening time passes until `end`."""
    left = length
    last = end.astimezone(ZoneInfo(calendar.zone)).date()
    for offset in range(FARTHEST):
        for opens, closes in reversed(_spans(calendar, last - timedelta(days=offset))):
            finish = min(closes, end)
            if finish - opens > left:
                return finish - left
            left -= max(finish - opens, timedelta())
    return end - timedelta(days=FARTHEST)


def closes_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When the opening in which this instant lies ends, spans that touch taken as one; None where it lies in none.

    Whoever stays open for longer than a week is not followed farther: nobody asks what comes after.
    """
    closes = None
    first = at.astimezone(ZoneInfo(calendar.zone)).date()
    for day in _days(first, first + timedelta(days=7)):
        for opens, ends in _spans(calendar, day):
            if opens <= (closes or at) < ends:
                closes = ends
        if closes is None or closes.astimezone(ZoneInfo(calendar.zone)).date() == day:
            break
    return closes


def opens_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When the first span after this instant begins; None where none does for ages."""
    first = at.astimezone(ZoneInfo(calendar.zone)).date()
    for day in _days(first, first + timedelta(days=FARTHEST)):
        for opens, _closes in _spans(calendar, day):
            if opens > at:
                return opens
    return None


def calendar_of(office: "Office | int") -> Calendar | None:
    """The hours work is counted in: the telephone line's, else the counter's or the mailroom's; None for every hour."""
    if settings.CC_DEMO:
        return None
    now = datetime.now(UTC)
    number = office if isinstance(office, int) else office.pk
    known = _known.get(number)
    if known is None or now - known[0] > KEPT_FOR:
        known = _known[number] = (now, _read(number))
    return known[1]


_known: dict[int, tuple[datetime, Calendar | None]] = {}


def forget() -> None:
    """Read all hours anew, since a door was changed in this process."""
    _known.clear()


def _read(number: int) -> Calendar | None:
    from contactcenter.offices.models import Office  # here, since its own checks ask this module

    office = Office.objects.get(pk=number)
    doors = [door for door in office.doors.filter(closed_at=None) if has_hours(door.hours)]
    for kind in ("phone", "counter", "mailroom"):
        weeks = [parse_week(door.hours) for door in doors if door.kind == kind]
        if weeks:
            return calendar_for(office, united(weeks))
    return None


def calendar_for(office: "Office", week: Week) -> Calendar:
    """The calendar of these hours at an office, with its holidays and the days on which it is closed besides."""
    closed = frozenset(day for one in office.closures.all() for day in _days(one.first_day, one.last_day))
    return Calendar(week=week, zone=office.timezone, department=office.department, closed=closed)


def united(weeks: Sequence[Week]) -> Week:
    """The hours at which any of several doors is open, such as two telephone lines of one office."""
    return weeks[0] if len(weeks) == 1 else tuple(_joined(sum(days, ())) for days in zip(*weeks, strict=True))


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for opens, closes in sorted(spans, key=lambda span: _minute(span[0])):
        if joined and (joined[-1][1] == MIDNIGHT or joined[-1][1] >= opens):
            last = joined[-1]
            joined[-1] = (last[0], max(last[1], closes, key=lambda end: _minute(end) or 24 * 60))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@lru_cache(maxsize=4096)
def _spans(calendar: Calendar, day: date) -> Sequence[tuple[datetime, datetime]]:
    """The day's opening spans in UTC; both edges are local times, so a change of the clock moves them apart."""
    if day in calendar.closed or is_holiday(day, calendar.department):
        return ()
    zone = ZoneInfo(calendar.zone)
    morrow = day + timedelta(days=1)
    return tuple(
        (
            datetime.combine(day, opens, zone).astimezone(UTC),
            datetime.combine(morrow if closes == MIDNIGHT else day, closes, zone).astimezone(UTC),
        )
        for opens, closes in calendar.week[day.weekday()]
    )


def is_holiday(day: date, department: str = "") -> bool:
    """Whether the day is a public holiday in France, or one of the department's own (code du travail L3133-1)."""
    return day in _holidays(day.year, department)


_SUBDIVISION = {
    **dict.fromkeys(("57", "67", "68"), "6AE"),
    "971": "971", "972": "972", "973": "973", "974": "974", "976": "976",
}  # fmt: skip


@lru_cache(maxsize=64)
def _holidays(year: int, department: str) -> frozenset[date]:
    subdivision = _SUBDIVISION.get(department)
    import holidays  # here, since many processes never ask

    return frozenset(holidays.country_holidays("FR", subdiv=subdivision, years=year))
