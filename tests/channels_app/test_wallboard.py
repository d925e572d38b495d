"""The wallboard: who waits, how late each channel runs, what was answered, what is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from channels_app import figures
from contactcenter.accounts.models import Role
from contactcenter.desk import lastmile, services, surgery
from contactcenter.intake.services import receive
from contactcenter.reports import alarms
from contactcenter.routing import calls
from contactcenter.routing import services as routing
from contactcenter.routing.models import WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import TicketEvent
from tests.contracts.asking import asking_as
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    user = a_user(Role.SUPERVISOR)
    client.force_login(user)
    return user


def test_the_figures_are_those_of_my_offices(client, supervisor):
    a_ticket()
    a_ticket(channel="paper", occurred_at=timezone.now() - timedelta(days=2))
    a_ticket(office=an_office("hautmont"))

    found = figures.of(principal_for(supervisor))

    assert found.waiting == 2
    assert found.oldest == "2 j"
    assert {row.channel: row.waiting for row in found.rows} == {"phone": 0, "email": 1, "web": 0, "paper": 1}


def test_each_channel_is_measured_by_its_own_promise(client, supervisor):
    a_ticket(occurred_at=timezone.now() - timedelta(hours=4))
    a_ticket(channel="paper", occurred_at=timezone.now() - timedelta(hours=4))

    rows = {row.channel: row for row in figures.of(principal_for(supervisor)).rows}

    assert rows["email"].lateness > rows["paper"].lateness > 0


def test_however_late_a_channel_runs_its_bar_is_as_long_as_it_is_late(supervisor):
    """One that were cut would look as late as another: what the picture is to show is that none is later."""
    for channel, days in (("email", 20), ("paper", 60)):
        a_ticket(channel=channel, occurred_at=timezone.now() - timedelta(days=days))

    found = figures.of(principal_for(supervisor))
    bars = {row.channel: row.bar / row.lateness for row in found.rows if row.waiting}

    assert bars["email"] == pytest.approx(bars["paper"], rel=0.02)
    assert max(row.bar for row in found.rows) == figures.WIDTH
    assert found.promise_x - figures.LEFT == round(bars["paper"])


def test_what_was_answered_today_is_counted(client, supervisor):
    ticket = a_ticket()
    services.reply(ticket.reference, "Voilà.", principal_for(supervisor))

    assert figures.of(principal_for(supervisor)).answered == 1


def test_today_is_the_offices_own(client, monkeypatch):
    """At two in the morning in Paris, it is still yesterday in Martinique."""
    office = an_office("fort", timezone="America/Martinique")
    client.force_login(user := a_user(Role.SUPERVISOR, office=office))
    for hour in (3, 5):  # midnight there is at four
        at = datetime(2026, 11, 23, hour, tzinfo=UTC)
        ticket = receive(a_caller(office=office, occurred_at=at))
        TicketEvent.objects.create(ticket=ticket, kind="interaction.replied", actor="service:api", at=at)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 24, 1, tzinfo=UTC))

    context = client.get("/wallboard/").context
    api = asking_as(user).get("/wallboard").json()

    assert (context["figures"].answered, context["figures"].today.phone.offered, api["offered"]) == (1, 1, 1)
    assert context["figures"].today.interval.start.isoformat() == api["from"] == "2026-11-23T00:00:00-04:00"


def test_an_office_may_live_by_a_clock_that_is_called_by_its_offset_alone(client):
    client.force_login(a_user(office=an_office("gmt", timezone="Etc/GMT+3")))

    assert client.get("/wallboard/").status_code == 200


def test_an_open_alarm_is_told_and_a_closed_one_is_gone(client, supervisor):
    alarms.settle("parity", {"no-mailroom": alarms.Wrong(says=lambda: "Plus aucun service du courrier.")})
    told = client.get("/wallboard/").content.decode()
    alarms.settle("parity", {})
    gone = client.get("/wallboard/figures/").content.decode()

    assert "Plus aucun service du courrier" in told
    assert "Plus aucun service du courrier" not in gone


def test_an_agent_may_see_it_too(client):
    client.force_login(a_user())

    assert client.get("/wallboard/").status_code == 200


def test_the_figures_cost_the_same_queries_however_long_the_queue(client, supervisor, django_assert_max_num_queries):
    for number in range(20):
        a_ticket(external_id=f"mail-{number}")
    client.get("/wallboard/figures/")

    with django_assert_max_num_queries(18):
        client.get("/wallboard/figures/")


def test_what_waits_is_shown_by_class_too(client, supervisor):
    a_ticket()
    urgent = a_ticket().work_items.get()
    surgery.reprioritise(urgent.pk, "urgent", principal_for(supervisor), reason="expulsion demain")

    row = next(row for row in figures.of(principal_for(supervisor)).rows if row.channel == "email")

    assert [(part.name, part.waiting) for part in row.classes] == [("urgent", 1), ("message", 1)]


def test_who_was_granted_something_and_has_no_day_is_shown_until_they_have_one(client, supervisor):
    by, today = principal_for(supervisor), timezone.localdate()
    waits, appointed, refused = a_ticket(), a_ticket(), a_ticket()
    for ticket, days in ((waits, 31), (appointed, 5), (refused, 5)):
        lastmile.decide(ticket.reference, by, favourable=True, decided_on=today - timedelta(days=days))
    lastmile.decide(
        refused.reference, by, favourable=False, decided_on=today, reasons="Art. L. 423-7 : plus de vie commune."
    )
    lastmile.decide(
        a_ticket(office=an_office("hautmont")).reference,
        an_agent(office=an_office("hautmont")),
        favourable=True,
        decided_on=today,
    )
    both = figures.of(by).unappointed

    lastmile.appoint(appointed.reference, by, place="guichet 3", starts_at=timezone.now() + timedelta(days=3))
    one = figures.of(by).unappointed

    assert (both.requests, both.for_long, both.since) == (2, 1, today - timedelta(days=31))
    assert (one.requests, one.for_long) == (1, 1)
    assert "1 depuis plus de 30 jours" in client.get("/wallboard/").content.decode()


def test_an_alarm_of_another_office_is_not_shown(client, supervisor):
    wrong = alarms.Wrong(says=lambda: "Hautmont ne répond plus.", office_id=an_office("hautmont").pk)
    alarms.settle("threshold", {"1": wrong})

    assert "Hautmont" not in client.get("/wallboard/").content.decode()


def test_the_telephone_of_today_is_told(client, supervisor):
    """They ring just now, so that it is today at any hour of the night; how long they waited is put in afterwards."""
    for seconds in (5, 60):
        lost = receive(a_caller()).work_items.get()
        routing.withdraw(lost.pk, actor="system", outcome="abandoned")
        WorkItem.objects.filter(pk=lost.pk).update(done_at=lost.enqueued_at + timedelta(seconds=seconds))
    answered = receive(a_caller()).work_items.get()
    routing.take(answered.pk, principal_for(supervisor), reason="test")
    calls.connected(answered.pk)

    page = client.get("/wallboard/").content.decode()

    assert "50,0\u00a0%" in page
    assert "1 sur 3\u00a0; 33,3\u00a0% avec ceux qui ont raccroché aussitôt" in page
    assert "et 1 aussitôt" in page
