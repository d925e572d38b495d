"""Days on which an office is closed besides its holidays."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from contactcenter.accounts.models import Role
from contactcenter.offices import hours
from contactcenter.offices.models import Closure
from tests.factories import WEEK, a_user, an_office, at

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture(autouse=True)
def real_hours(settings):
    settings.CC_DEMO = False
    hours.forget()


def test_a_promise_steps_over_the_days_on_which_the_office_is_closed():
    office = an_office(hours=WEEK)
    Closure.objects.create(office=office, first_day=MONDAY, last_day=TUESDAY)

    assert not hours.is_open(office, at("2026-11-23 10:00+01:00"))
    assert hours.opening_seconds(office, at("2026-11-23 00:00+01:00"), at("2026-11-25 09:30+01:00")) == 3600


def test_another_office_is_open_on_these_days():
    Closure.objects.create(office=an_office(hours=WEEK), first_day=MONDAY, last_day=TUESDAY)

    assert hours.is_open(an_office("ailleurs", hours=WEEK), at("2026-11-23 10:00+01:00"))


def test_the_line_of_a_closed_office_opens_on_the_day_after():
    office = an_office(hours=WEEK)
    Closure.objects.create(office=office, first_day=MONDAY, last_day=TUESDAY)
    calendar = hours.calendar_of(office)
    assert calendar is not None

    assert hours.closes_at(calendar, at("2026-11-23 10:00+01:00")) is None
    assert hours.opens_at(calendar, at("2026-11-23 10:00+01:00")) == at("2026-11-25 08:30+01:00")


def test_a_closure_ends_after_it_begins_and_within_a_year():
    office = an_office()
    for last in (date(2026, 11, 22), date(2096, 11, 23)):
        with pytest.raises(ValidationError):
            Closure(office=office, first_day=MONDAY, last_day=last).full_clean()
    with pytest.raises(IntegrityError):
        Closure.objects.create(office=office, first_day=TUESDAY, last_day=MONDAY)


def entered(client, *days: tuple[str, str], **more: str) -> str:
    """What the page says once these closures were entered below the office."""
    user = a_user(Role.ADMINISTRATOR)
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    office = an_office()
    form = {name: getattr(office, name) for name in ("slug", "name", "service", "address", "phone", "timezone")}
    form |= {"doors-TOTAL_FORMS": "0", "doors-INITIAL_FORMS": "0", "closures-INITIAL_FORMS": "0", **more}
    form["closures-TOTAL_FORMS"] = str(len(days))
    for number, (first, last) in enumerate(days):
        form |= {f"closures-{number}-first_day": first, f"closures-{number}-last_day": last}
    address = f"/admin/offices/office/{office.pk}/change/"
    return client.post(address, form, follow=True, headers={"accept-language": "en"}).content.decode()


def test_an_administrator_enters_closures_below_the_office(client):
    entered(client, ("2026-12-24", "2026-12-26"), ("2026-11-23", "2026-11-23"), ("2026-12-27", "2026-12-31"))

    assert [closure.first_day.day for closure in Closure.objects.all()] == [23, 24, 27]


@pytest.mark.parametrize("second", [("2026-12-26", "2026-12-28"), ("2026-12-01", "2026-12-24"), ("2026-12-25",) * 2])
def test_a_day_that_is_closed_already_is_told_with_the_line_to_change(client, second):
    told = entered(client, ("2026-12-24", "2026-12-26"), second)

    assert "Closed already (2026-12" in told
    assert "change that line, or begin later" in told
    assert not Closure.objects.exists()


def test_a_closure_that_is_taken_away_makes_room_for_another(client):
    old = Closure.objects.create(office=an_office(), first_day=MONDAY, last_day=TUESDAY)
    more = {"closures-INITIAL_FORMS": "1", "closures-0-id": str(old.pk), "closures-0-DELETE": "on"}

    entered(client, (str(MONDAY), str(TUESDAY)), (str(TUESDAY), str(TUESDAY)), **more)

    assert [closure.first_day for closure in Closure.objects.all()] == [TUESDAY]


def test_days_that_are_none_are_told(client):
    told = entered(client, ("2026-12-24", "2026-12-20"), ("tomorrow", "2026-12-31"))

    assert "The last day comes after the first, within a year." in told
    assert not Closure.objects.exists()
