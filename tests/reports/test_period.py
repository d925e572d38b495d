"""The report of a day or a month: every call and every letter in its interval, and the sum of all."""

import csv
import io
import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.desk import surgery
from contactcenter.errors import InvalidError
from contactcenter.intake.services import receive
from contactcenter.reports import sheet
from contactcenter.reports.occupancy import Span, occupancy, occupancy_by_interval, spans_between
from contactcenter.reports.period import HALF, Period, period_asked, report
from contactcenter.reports.written import WRITTEN
from contactcenter.routing import services as routing
from contactcenter.routing.models import Assignment, PresenceInterval, WorkItem
from contactcenter.tickets.models import TicketEvent
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 23, 23, 59, tzinfo=PARIS)
PAGE = "/desk/reports/"


def a_day(day: date = TODAY) -> Period:
    return Period(first=day, monthly=False, zone=PARIS)


def a_letter(arrived: datetime, done: datetime | None = None, due: datetime | None = None, channel: str = "email"):
    item = a_ticket(occurred_at=arrived).work_items.get()
    state = {"state": "done", "done_at": done} if done else {}
    WorkItem.objects.filter(pk=item.pk).update(created_at=arrived, due_at=due or arrived, channel=channel, **state)


@pytest.mark.parametrize(("day", "hours"), [(TODAY, 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_has_its_own_hours_when_the_clocks_change(day, hours):
    starts = a_day(day).starts

    assert len(starts) == hours + 1
    assert {later - earlier for earlier, later in itertools.pairwise(starts)} == {timedelta(hours=1)}
    assert starts[0].astimezone(PARIS).date() == day
    assert starts[-1].astimezone(PARIS).time().isoformat() == "00:00:00"


def test_the_hour_that_comes_twice_has_two_names():
    labels = [a_day(date(2026, 10, 25)).label(start) for start in a_day(date(2026, 10, 25)).starts[:-1]]

    assert labels[1:5] == ["01:00", "02:00", "02:00 +01:00", "03:00"]
    assert len(set(labels)) == 25


def test_a_month_has_its_days_one_of_them_longer():
    starts = Period(first=date(2026, 10, 1), monthly=True, zone=PARIS).starts

    assert len(starts) == 32
    assert starts[25] - starts[24] == timedelta(hours=25)
    assert starts[-1].astimezone(PARIS) == datetime(2026, 11, 1, tzinfo=PARIS)


def test_what_arrived_and_was_finished_stands_in_its_hour():
    nine = datetime(2026, 11, 23, 9, 30, tzinfo=PARIS)
    a_letter(nine)
    a_letter(nine, done=nine + timedelta(hours=2), due=nine + timedelta(hours=1), channel="paper")
    a_letter(nine - timedelta(days=1), done=nine, due=nine + timedelta(days=1), channel="web")

    found = report(a_day(), None, NIGHT)

    by_label = {row.label: row.written for row in found.rows}
    assert by_label["09:00"].arrived == {"email": 1, "web": 0, "paper": 1}
    assert by_label["09:00"].finished == {"email": 0, "web": 1, "paper": 0}
    assert (by_label["11:00"].finished["paper"], by_label["11:00"].whole.late) == (1, 1)
    whole = found.total.written.whole
    assert (whole.arrived, whole.finished, whole.late) == (2, 2, 1)


def test_an_office_is_judged_by_half_hours():
    for minute in (5, 35, 40):
        receive(a_caller(occurred_at=datetime(2026, 11, 23, 9, minute, tzinfo=PARIS)))
    halves = Period(first=TODAY, monthly=False, zone=PARIS, step=HALF)

    found = report(halves, None, NIGHT)

    assert [(row.label, row.phone.offered) for row in found.rows if row.phone.offered] == [("09:00", 1), ("09:30", 2)]
    assert found.total.phone.offered == 3


@pytest.mark.parametrize(("day", "halves"), [(TODAY, 48), (date(2026, 3, 29), 46), (date(2026, 10, 25), 50)])
def test_half_hours_follow_the_clock_when_it_changes(day, halves):
    period = Period(first=day, monthly=False, zone=PARIS, step=HALF)

    labels = [period.label(start) for start in period.starts[:-1]]

    assert len(labels) == len(set(labels)) == halves
    assert period.starts == sorted({*period.starts, *a_day(day).starts})


def test_the_classes_of_a_channel_add_up_to_its_column():
    nine = datetime(2026, 11, 23, 9, 30, tzinfo=PARIS)
    for _number in range(3):
        a_letter(nine)
    urgent = WorkItem.objects.latest("pk")
    surgery.reprioritise(urgent.pk, "urgent", an_agent(role=Role.SUPERVISOR), reason="expulsion demain")
    a_letter(nine, done=nine + timedelta(hours=2), channel="paper")

    written = report(a_day(), None, NIGHT).total.written

    told = [(channel, named, tally.arrived, tally.late) for channel, named, tally in written.by_class]
    assert told == [("email", "urgent", 1, 0), ("email", "message", 2, 0), ("paper", "message", 1, 1)]
    assert {name: sum(arrived for channel, _class, arrived, _late in told if channel == name) for name in WRITTEN} == (
        written.arrived
    )


def test_lateness_stands_in_the_interval_in_which_the_work_was_taken(clock):
    for hours in (4, 8, 24):  # of a promise of sixteen
        item = a_ticket(occurred_at=clock.at - timedelta(hours=hours)).work_items.get()
        routing.take(item.pk, an_agent(), reason="test")
    taken_at = TicketEvent.objects.filter(kind="work_item.taken").latest("at").at
    day = timezone.localtime(taken_at, PARIS).date()
    Assignment.objects.update(started_at=taken_at)
    WorkItem.objects.update(enqueued_at=taken_at - timedelta(hours=8))

    found = report(a_day(day), None, taken_at + timedelta(minutes=1))

    told = {row.label: row.written.whole.lateness for row in found.rows if row.written.whole.waits}
    assert told == {f"{timezone.localtime(taken_at, PARIS):%H}:00": pytest.approx(0.5)}
    assert found.total.written.whole.lateness == pytest.approx(0.5)


def test_occupancy_is_told_for_each_interval(clock):
    by = an_agent()
    nine = datetime(2026, 11, 23, 9, tzinfo=PARIS)
    PresenceInterval.objects.create(
        agent_id=by.agent_id, state="available", actor=by.actor, started_at=nine, ended_at=nine + timedelta(hours=2)
    )
    there, busy = spans_between(nine, nine + timedelta(hours=3), None)
    busy = [Span(agent_id=by.agent_id or 0, start=nine + timedelta(minutes=30), end=nine + timedelta(minutes=75))]

    edges = [nine + timedelta(minutes=30 * number) for number in range(6)]

    assert occupancy_by_interval(there, busy, edges) == [0.0, 1.0, 0.5, 0.0, None]
    assert occupancy(there, busy, start=edges[0], end=edges[-1]) == 45 / 120


def test_calls_of_the_hours_add_up_to_the_day():
    for hour in (8, 8, 14):
        receive(a_caller(occurred_at=datetime(2026, 11, 23, hour, 5, tzinfo=PARIS)))

    found = report(a_day(), None, NIGHT)

    assert [row.phone.offered for row in found.rows if row.phone.offered] == [2, 1]
    assert found.total.phone.offered == 3


def test_hours_to_come_are_not_shown():
    assert [row.label for row in report(a_day(), None, datetime(2026, 11, 23, 2, 30, tzinfo=PARIS)).rows] == [
        "00:00",
        "01:00",
        "02:00",
    ]


@pytest.mark.parametrize("text", ["gestern", "2026-13", "2026-11-24", "2999-01", "0001-01", "2026-11-23-01", "=1"])
def test_what_is_no_day_is_said(text):
    with pytest.raises(InvalidError, match="2026-11-23"):
        period_asked(text, "", PARIS, TODAY)
    with pytest.raises(InvalidError, match="2026-11"):
        period_asked("", text + "-", PARIS, TODAY)


def test_another_offices_work_is_not_in_it(client):
    a_ticket()
    client.force_login(a_user(Role.SUPERVISOR, office=an_office("montreuil")))

    nothing = client.get(PAGE, {"format": "csv"}).content.decode()
    hidden = client.get(PAGE, {"office": "valmorin"})

    assert list(csv.reader(io.StringIO(nothing)))[-1][-7:] == [*["0"] * 5, "", ""]
    assert hidden.status_code == 404


def test_the_sheet_holds_what_the_page_shows(client):
    a_ticket()
    receive(a_caller())
    client.force_login(a_user(Role.SUPERVISOR))

    page = client.get(PAGE)
    answer = client.get(PAGE, {"format": "csv"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert page.status_code == 200
    assert answer["Content-Disposition"].endswith('.csv"')
    assert answer.content.startswith("\ufeff".encode())
    table, _heading, callbacks = page.content.decode().partition('id="rows"')[2].partition('id="callbacks"')
    assert len(rows) == table.count("<tr") == callbacks.count("<tr")
    assert len({len(row) for row in rows}) == 1
    assert rows[-1][1] == "1"  # one call
    assert rows[-1][13] == "1"  # one e-mail


def test_the_hours_are_those_of_the_only_office_of_whoever_reads(client, monkeypatch):
    """At two in the morning in Paris, it is still yesterday in Martinique."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 2, 30, tzinfo=PARIS))
    office = an_office("fort", timezone="America/Martinique")
    receive(a_caller(office=office, occurred_at=timezone.now()))
    client.force_login(a_user(Role.SUPERVISOR, office=office))

    found = client.get(PAGE).context["report"]

    assert [row.label for row in found.rows if row.phone.offered] == ["21:00"]
    assert found.period.first == date(2026, 11, 22)


def test_half_hours_and_classes_are_asked_in_the_address(client):
    a_ticket()
    client.force_login(a_user(Role.SUPERVISOR))
    today = f"{timezone.localdate():%Y-%m-%d}"

    page = client.get(PAGE, {"day": today, "step": "30"}).content.decode()
    halves = client.get(PAGE, {"day": today, "step": "30", "format": "csv"})
    classes = client.get(PAGE, {"day": today, "format": "csv", "table": "classes"})

    assert f"day={today}&amp;step=30&amp;office=&amp;format=csv" in page
    assert halves["Content-Disposition"] == f'attachment; filename="report-{today}-30.csv"'
    assert "\n00:30," in halves.content.decode() or timezone.localtime().hour == 0
    rows = list(csv.reader(io.StringIO(classes.content.decode("utf-8-sig"))))
    assert rows[1] == ["Courriel", "message", "1", "0", "0", ""]
    assert rows[-1] == ["Ensemble", "", "1", "0", "0", ""]


@pytest.mark.parametrize("evil", ["=1+1", "+33", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_a_formula_in_a_cell_stays_a_text(evil):
    assert sheet.cell(evil) == f"'{evil}"


def test_numbers_stay_numbers():
    assert [sheet.cell(one) for one in (-3, 2.5, 0, None, "08:00", "e-mail")] == [
        "-3",
        "2.5",
        "0",
        "",
        "08:00",
        "e-mail",
    ]


def test_a_wrong_day_shows_today_and_says_what_to_write(client):
    client.force_login(a_user(Role.SUPERVISOR))

    response = client.get(PAGE, {"day": "<b>demain"})

    assert response.status_code == 422
    assert "2026-11-23" in response.content.decode()
    assert "<b>demain" not in response.content.decode()


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 403), (Role.AUDITOR, 200), (Role.ADMINISTRATOR, 200)])
def test_who_reads_reports(client, role, status):
    client.force_login(a_user(role))

    assert client.get(PAGE).status_code == status


def long_ago_and_since(*, hours: int) -> None:
    """Work that came each hour up to the night, and was done an hour later."""
    item = a_ticket().work_items.get()
    facts = {"kind": "message", "ticket_id": item.ticket_id, "lane_id": item.lane_id, "state": "done"}
    arrivals = [NIGHT - timedelta(hours=ago) for ago in range(hours)]
    WorkItem.objects.bulk_create(
        WorkItem(**facts, enqueued_at=at, due_at=at, created_at=at, done_at=at + timedelta(hours=1)) for at in arrivals
    )


@pytest.mark.postgresql
@pytest.mark.parametrize("offices", [None, {1, 2}])
def test_what_arrived_and_was_finished_is_found_by_its_time(offices):
    long_ago_and_since(hours=5_000)
    with CaptureQueriesContext(connection) as asked:
        report(a_day(), offices, NIGHT)
    plans = ""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE routing_workitem")
        for query in asked:
            cursor.execute("EXPLAIN " + query["sql"])
            plans += "".join(row[0] for row in cursor.fetchall())

    assert "work_item_by_arrival" in plans
    assert "work_item_by_end" in plans


def test_a_month_costs_the_same_queries_however_much_happened(client, django_assert_max_num_queries):
    client.force_login(a_user(Role.SUPERVISOR))
    for number in range(12):
        a_ticket(external_id=f"mail-{number}")
        receive(a_caller(f"+3363998{number:04d}"))

    with django_assert_max_num_queries(18):
        client.get(PAGE, {"month": f"{timezone.localdate():%Y-%m}"})
