"""Legal dates (pure): months as the calendar counts them, and working days."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta


def add_months(start: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def add_working_days(start: date, days: int, is_holiday: Callable[[date], bool]) -> date:
    """The day that is so many working days (Monday to Friday, no public holiday) after `start` (CRPA R112-11-2)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and not is_holiday(day):
            days -= 1
    return day
