"""Opening time, counted as a person with a calendar would."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contactcenter.offices.hours import (
    DAYS,
    Calendar,
    HoursError,
    after,
    before,
    between,
    closes_at,
    is_holiday,
    is_open,
    opening_seconds,
    parse_week,
    united,
)
from contactcenter.offices.models import Door
from tests.factories import WEEK, an_office

PARIS = ZoneInfo("Europe/Paris")
SPLIT = parse_week({day: [["09:00", "12:30"], ["13:30", "16:30"]] for day in ("mon", "tue", "wed", "thu", "fri")})
NIGHTLY = parse_week({day: [["00:00", "04:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
LATE = parse_week({"sat": [["20:00", "24:00"]], "sun": [["00:00", "24:00"]], "mon": [["00:00", "02:00"]]})
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)).map(
    lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
)


def by_walking(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Minute by minute."""
    total, at = 0, start
    while at < end:
        local = at.astimezone(ZoneInfo(calendar.zone))
        if not is_holiday(local.date(), calendar.department):
            spans = calendar.week[local.weekday()]
            midnight = (local + timedelta(days=1)).date()
            total += any(
                datetime.combine(local.date(), a, ZoneInfo(calendar.zone)).astimezone(UTC)
                <= at
                < datetime.combine(local.date() if b else midnight, b or time(0), ZoneInfo(calendar.zone)).astimezone(
                    UTC
                )
                for a, b in ((a, b if b != time(0) else None) for a, b in spans)
            )
        at += timedelta(minutes=1)
    return total * 60.0


@settings(max_examples=25, deadline=None)
@given(start=instants, minutes=st.integers(0, 6000), week=st.sampled_from([SPLIT, NIGHTLY, LATE]))
def test_opening_time_is_what_a_walk_through_the_minutes_finds(start: datetime, minutes: int, week):
    calendar = Calendar(week=week, zone="Europe/Paris")
    end = start + timedelta(minutes=minutes)

    assert between(calendar, start, end) == by_walking(calendar, start, end)


@settings(max_examples=60, deadline=None)
@given(start=instants, minutes=st.integers(1, 4000))
def test_so_much_later_is_so_much_opening_time(start: datetime, minutes: int):
    calendar = Calendar(week=SPLIT, zone="Europe/Paris")

    end = after(calendar, start, timedelta(minutes=minutes))

    assert between(calendar, start, end) == minutes * 60


@settings(max_examples=60)
@given(instants, st.integers(0, 20_000))
def test_so_much_earlier_is_so_much_opening_time_and_a_minute_earlier_is_more(end: datetime, minutes: int):
    calendar = Calendar(week=SPLIT, zone="Europe/Paris")

    since = before(calendar, end, timedelta(minutes=minutes))

    assert between(calendar, since, end) == minutes * 60
    assert between(calendar, since - timedelta(minutes=1), end) == (minutes + 1) * 60


def test_friday_evening_to_monday_morning_is_no_time():
    calendar = Calendar(week=SPLIT, zone="Europe/Paris")
    friday, monday = datetime(2026, 11, 20, 16, 30, tzinfo=PARIS), datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)

    assert between(calendar, friday, monday) == 0
    assert after(calendar, friday, timedelta(hours=1)) == datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)


def test_the_night_the_clock_goes_back_has_an_hour_more():
    calendar = Calendar(week=NIGHTLY, zone="Europe/Paris")
    night = datetime(2026, 10, 25, tzinfo=PARIS)

    assert between(calendar, night, night + timedelta(hours=12)) == 5 * 3600


@pytest.mark.parametrize(
    ("day", "department", "holiday"),
    [
        (date(2026, 11, 11), "", True),
        (date(2026, 4, 6), "", True),
        (date(2026, 12, 26), "", False),
        (date(2026, 12, 26), "67", True),
        (date(2026, 4, 3), "57", True),
        (date(2026, 11, 23), "", False),
    ],
)
def test_holidays_are_those_of_the_place(day: date, department: str, holiday: bool):
    assert is_holiday(day, department) is holiday


@pytest.mark.django_db
def test_an_office_counts_its_telephone_s_hours(settings):
    office = an_office(hours=WEEK)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=PARIS)

    assert not is_open(office, monday)
    assert is_open(office, monday + timedelta(hours=1))
    assert opening_seconds(office, monday, monday + timedelta(hours=1)) == 1800


def test_a_line_that_never_closes_counts_every_second_but_the_holidays():
    calendar = Calendar(week=parse_week({day: [["00:00", "24:00"]] for day in DAYS}), zone="Europe/Paris")
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=PARIS)

    assert between(calendar, monday, monday + timedelta(days=7)) == 7 * 86400
    assert after(calendar, monday, timedelta(hours=30)) == monday + timedelta(hours=30)


def test_two_doors_of_a_kind_are_open_while_any_of_them_is():
    morning, day = (
        parse_week({"mon": [["08:00", "12:30"]]}),
        parse_week({"mon": [["10:00", "11:00"], ["12:30", "24:00"]]}),
    )

    assert united([morning, day]) == parse_week({"mon": [["08:00", "24:00"]]})


@pytest.mark.django_db
def test_an_office_with_two_lines_is_open_while_any_of_them_is():
    office = an_office(hours=WEEK)
    Door.objects.create(office=office, kind="phone", address="+33199000999", hours={"sat": [["09:00", "12:00"]]})

    assert is_open(office, datetime(2026, 11, 21, 10, 0, tzinfo=PARIS))
    assert is_open(office, datetime(2026, 11, 23, 10, 0, tzinfo=PARIS))


@pytest.mark.django_db
def test_hours_that_nobody_can_read_stop_no_clock():
    office = an_office(hours=WEEK)
    Door.objects.filter(kind="phone").update(hours={"mon": "all day"})

    assert is_open(office, datetime(2026, 11, 23, 10, 0, tzinfo=PARIS))


@pytest.mark.django_db
def test_the_demo_is_open_at_all_hours(settings):
    office = an_office(hours=WEEK)
    settings.CC_DEMO = True

    assert is_open(office, datetime(2026, 12, 25, 3, 0, tzinfo=PARIS))


@pytest.mark.parametrize(
    "week",
    [
        [],
        {"lundi": []},
        {"mon": [["18:00", "08:00"]]},
        {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]},
        {"mon": [["8h", "9h"]]},
        {"mon": [["08:00", "08:00"]]},
        {"mon": [["24:00", "24:00"]]},
        {"mon": [["08:00", "24:00"], ["00:00", "01:00"]]},
        {"mon": 3},
    ],
)
def test_hours_that_nobody_could_keep_are_refused_with_a_sentence(week: object):
    with pytest.raises(HoursError, match=r"\w+ \w+"):
        parse_week(week)


def ends(week: dict[str, list[list[str]]], day: int, at: str) -> str:
    """When it closes that is open at this hour of a day of the week of Christmas 2026, Monday the 21st."""
    calendar = Calendar(week=parse_week(week), zone="Europe/Paris")
    closes = closes_at(calendar, datetime.combine(date(2026, 12, day), time.fromisoformat(at), PARIS))
    return f"{closes.astimezone(PARIS):%d %H:%M}" if closes else "closed"


def test_spans_that_touch_are_one_over_midnight_too():
    assert ends({"mon": [["08:00", "12:00"], ["12:00", "18:00"]]}, 21, "11:50") == "21 18:00"
    assert ends({"mon": [["08:30", "12:30"], ["13:30", "17:30"]]}, 21, "12:20") == "21 12:30"
    assert ends({"mon": [["20:00", "24:00"]], "tue": [["00:00", "02:00"]]}, 21, "23:55") == "22 02:00"
    assert ends({"mon": [["20:00", "24:00"]], "wed": [["00:00", "02:00"]]}, 21, "23:55") == "22 00:00"
    assert ends({"mon": [["08:00", "12:00"]]}, 21, "12:00") == "closed"


def test_who_is_open_round_the_clock_closes_for_the_next_holiday_alone():
    assert ends({day: [["00:00", "24:00"]] for day in DAYS}, 21, "23:55") == "25 00:00"
