"""Days, times and weeks as each language says them (pure)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_day_names

from contactcenter.offices.hours import Week
from ivr.prompts import CODES, FIRST, words


def zone(name: str) -> ZoneInfo:
    """A time zone by its name."""
    return ZoneInfo(name)


def day(at: datetime, zone: str, code: str) -> str:
    """A day as it is said: lundi 7 décembre 2026."""
    return str(format_date(at.astimezone(ZoneInfo(zone)).date(), format="full", locale=_locale(code)))


def date_of(on: date, code: str) -> str:
    """A date without the day of the week: 7 décembre 2026."""
    return str(format_date(on, format="long", locale=_locale(code)))


def clock(at: time, code: str) -> str:
    """A time of day."""
    return str(format_time(at, format="short", locale=_locale(code)))


def week(hours: Week, code: str) -> str:
    """Opening hours, neighbouring days with the same hours together: from Monday to Friday from 8:30 to 12:00; …"""
    names = get_day_names("wide", locale=_locale(code))
    return "; ".join(
        f"{_days(names[first], names[last], code)} {_spans(hours[first], code)}" for first, last in _runs(hours)
    )


def _days(first: str, last: str, code: str) -> str:
    return first if first == last else words("days", code, first=first, last=last)


def _spans(spans: tuple[tuple[time, time], ...], code: str) -> str:
    return ", ".join(words("span", code, start=clock(start, code), end=clock(end, code)) for start, end in spans)


def _runs(hours: Week) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number, spans in enumerate(hours):
        if spans and runs and runs[-1][1] == number - 1 and hours[number - 1] == spans:
            runs[-1] = (runs[-1][0], number)
        elif spans:
            runs.append((number, number))
    return runs


def _locale(code: str) -> Locale:
    return Locale.parse({"en": "en_GB", "fa": "fa_AF"}.get(code, code if code in CODES else FIRST))
