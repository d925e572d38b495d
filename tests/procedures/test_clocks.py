"""Legal dates: months as the calendar counts them, working days without holidays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.offices.hours import is_holiday
from contactcenter.procedures.clocks import add_months, add_working_days


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 7, 6), 4, date(2026, 11, 6)),
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2027, 10, 31), 4, date(2028, 2, 29)),
        (date(2026, 12, 15), 2, date(2027, 2, 15)),
    ],
)
def test_silence_decides_so_many_months_later_to_the_day(start: date, months: int, end: date):
    assert add_months(start, months) == end


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 30))
def test_months_add_up(start: date, months: int):
    end = add_months(start, months)

    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day <= start.day


def test_ten_working_days_pass_over_weekends_and_holidays():
    assert add_working_days(date(2026, 4, 30), 1, is_holiday) == date(2026, 5, 4)  # 1 May is a Friday
    assert add_working_days(date(2026, 11, 9), 10, is_holiday) == date(2026, 11, 24)
