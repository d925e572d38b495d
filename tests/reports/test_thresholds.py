"""A figure that crosses its threshold is told once, by e-mail too, and so is its return."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from contactcenter.accounts.models import Role
from contactcenter.intake.services import receive
from contactcenter.outbox import services as outbox
from contactcenter.outbox.means import Choice
from contactcenter.outbox.models import Delivery
from contactcenter.reports import alarms
from contactcenter.reports.models import Alarm, AlarmMail, Threshold
from contactcenter.reports.thresholds import sweep_thresholds
from contactcenter.routing import services as routing
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import TicketEvent
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office
from tests.reports.histories import MONDAY

pytestmark = pytest.mark.django_db


def a_threshold(figure: str, limit: float, addresses: str = "chef@valmorin.example", **fields) -> Threshold:
    return Threshold.objects.create(figure=figure, limit=Decimal(str(limit)), addresses=addresses, **fields)


def a_reply(clock) -> Delivery:
    """Something said to somebody by e-mail, with no receipt beside it."""
    ticket = a_ticket(occurred_at=clock.at, receipt=False)
    return outbox.post(
        ticket,
        Choice(means="email", channel="email", to="ana@example.org", reason=""),
        purpose="reply", subject="", text="Voilà.", language="fr", actor="system",
    )  # fmt: skip


def told() -> list[tuple[str, bool]]:
    return list(AlarmMail.objects.order_by("pk").values_list("to", "over"))


def test_a_threshold_is_told_once_however_long_it_is_crossed_and_once_when_all_is_well(clock):
    a_threshold("oldest", 2, "chef@valmorin.example\nadjointe@valmorin.example\n\nchef@valmorin.example")
    item = a_ticket(occurred_at=clock.at).work_items.get()
    assert sweep_thresholds() == (0, 0)

    clock.at += timedelta(hours=3)
    assert sweep_thresholds() == (1, 0)
    clock.at += timedelta(hours=3)
    assert sweep_thresholds() == (0, 0)
    assert "3,0" in Alarm.objects.get().text
    assert told() == [("chef@valmorin.example", False), ("adjointe@valmorin.example", False)]

    WorkItem.objects.filter(pk=item.pk).update(state="done", done_at=clock.at)
    assert sweep_thresholds() == (0, 1)
    assert sweep_thresholds() == (0, 0)
    assert told()[2:] == [("chef@valmorin.example", True), ("adjointe@valmorin.example", True)]


def test_a_figure_on_the_very_edge_does_not_fill_a_mailbox(clock):
    a_threshold("calls", 0.5)
    for _ in range(5):
        call = receive(a_caller(occurred_at=clock.at)).work_items.get()
        sweep_thresholds()
        WorkItem.objects.filter(pk=call.pk).update(state="done", done_at=clock.at)
        sweep_thresholds()
        clock.at += timedelta(minutes=2)

    assert Alarm.objects.count() == 5
    assert told() == [("chef@valmorin.example", False), ("chef@valmorin.example", True)]


def test_what_opens_again_within_the_hour_and_lasts_is_told_once_the_hour_is_over(clock):
    a_threshold("calls", 0.5)
    first = receive(a_caller(occurred_at=clock.at)).work_items.get()
    sweep_thresholds()
    WorkItem.objects.filter(pk=first.pk).update(state="done", done_at=clock.at)
    sweep_thresholds()
    receive(a_caller(occurred_at=clock.at))
    clock.at += timedelta(minutes=20)
    sweep_thresholds()
    assert [over for _to, over in told()] == [False, True]

    clock.at += timedelta(minutes=41)
    sweep_thresholds()
    clock.at += timedelta(hours=3)
    sweep_thresholds()

    assert [over for _to, over in told()] == [False, True, False]


def test_a_message_left_is_no_call_that_waits(clock):
    a_threshold("calls", 0.5)
    item = receive(a_caller(occurred_at=clock.at)).work_items.get()
    WorkItem.objects.filter(pk=item.pk).update(kind="message")

    assert sweep_thresholds() == (0, 0)


def test_a_clock_that_is_an_hour_wrong_rings_once_for_each_threshold(clock):
    a_threshold("oldest", 0.5)
    a_threshold("stuck", 0.5)
    for number in range(4):
        a_ticket(external_id=f"mail-{number}", occurred_at=clock.at)
    routing.take_next(an_agent())

    for hours in (1, 0, 1, 0):
        clock.at = MONDAY + timedelta(hours=hours)
        sweep_thresholds()

    assert len([to for to, over in told() if not over]) == 2


@pytest.mark.parametrize("figure", Threshold.Figure.values)
def test_every_figure_is_quiet_while_nothing_happens(clock, figure):
    a_threshold(figure, 1)

    assert sweep_thresholds() == (0, 0)


def test_lateness_and_work_stuck_in_hand_are_seen(clock):
    late, stuck = a_threshold("lateness", 1.5), a_threshold("stuck", 4)
    a_ticket(occurred_at=clock.at - timedelta(days=30))
    a_ticket(external_id="second", occurred_at=clock.at)
    routing.take_next(an_agent())
    clock.at += timedelta(hours=5)
    a_ticket(external_id="third", occurred_at=clock.at - timedelta(days=30))

    sweep_thresholds()

    assert set(Alarm.objects.values_list("key", flat=True)) == {str(late.pk), str(stuck.pk)}


def test_a_share_of_calls_below_its_threshold_is_seen(clock):
    a_threshold("answered", 80)
    call = receive(a_caller(occurred_at=clock.at)).work_items.get()
    clock.at += timedelta(minutes=5)
    assert sweep_thresholds() == (0, 0)  # still waiting: nothing is known yet

    WorkItem.objects.filter(pk=call.pk).update(state="done", done_at=clock.at, outcome="abandoned")

    assert sweep_thresholds() == (1, 0)
    assert Alarm.objects.get().text.startswith("Tous les services")


def test_the_neighbours_work_does_not_ring(clock):
    a_threshold("calls", 0.5, office=an_office("montreuil"))
    receive(a_caller(occurred_at=clock.at))

    assert sweep_thresholds() == (0, 0)


def test_the_neighbours_alarm_is_not_told_here(clock):
    a_threshold("calls", 0.5, office=an_office())
    a_threshold("calls", 0.5)
    receive(a_caller(occurred_at=clock.at))

    sweep_thresholds()

    assert len(alarms.open_alarms([an_office().pk])) == 2
    assert [alarm.office_id for alarm in alarms.open_alarms([an_office("hautmont").pk])] == [None]


def test_calls_are_counted_whole(clock):
    a_threshold("calls", 1)
    for _number in range(2):
        receive(a_caller(occurred_at=clock.at))

    sweep_thresholds()

    assert "2 appels attendent\u00a0; le seuil est de 1." in Alarm.objects.get().text


def test_an_alarm_is_written_in_every_language(clock):
    a_threshold("oldest", 2)
    a_ticket(occurred_at=clock.at - timedelta(hours=3))

    sweep_thresholds()

    alarm = Alarm.objects.get()
    assert alarm.text == alarm.texts["fr"]
    with override("en"):
        assert alarm.sentence == "All offices: Somebody has been waiting for 3.0 hours; the threshold is 2.0."
    assert "Quelqu'un attend depuis 3,0 heures" in alarm.sentence


def test_what_does_not_leave_is_seen_and_what_left_is_not(clock):
    threshold = a_threshold("unsent", 1)
    reply = a_reply(clock)
    assert sweep_thresholds() == (0, 0)

    clock.at += timedelta(hours=2)
    assert sweep_thresholds() == (1, 0)
    assert Alarm.objects.get().key == str(threshold.pk)

    outbox.report(reply.pk, "sent")
    assert sweep_thresholds() == (0, 1)


def test_answers_that_could_not_be_delivered_are_counted_for_an_hour(clock):
    a_threshold("failed", 1, office=an_office())
    refused, arrived, came_back = (a_reply(clock) for _number in range(3))
    outbox.report(refused.pk, "failed")
    for reply in (arrived, came_back):
        outbox.report(reply.pk, "sent")
    assert sweep_thresholds() == (0, 0)

    outbox.report(came_back.pk, "bounced")
    assert sweep_thresholds() == (1, 0)

    clock.at = TicketEvent.objects.latest("at").at + timedelta(minutes=61)
    assert sweep_thresholds() == (0, 1)


def test_a_threshold_taken_out_of_watch_closes_its_alarm(clock):
    threshold = a_threshold("calls", 0.5)
    receive(a_caller(occurred_at=clock.at))
    sweep_thresholds()

    Threshold.objects.filter(pk=threshold.pk).update(active=False)

    assert sweep_thresholds() == (0, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"limit": Decimal(0)}, "supérieur à 0"),
        ({"limit": Decimal(120)}, "100"),
        ({"addresses": "chef@valmorin.example\nle chef"}, "le chef"),
    ],
)
def test_what_would_never_work_is_explained(fields, words):
    threshold = Threshold(**{"figure": "answered", "limit": Decimal(80), "addresses": "", **fields})

    with pytest.raises(ValidationError, match=words):
        threshold.full_clean()


def test_a_threshold_is_drawn_in_the_admin(client):
    administrator = a_user(Role.ADMINISTRATOR)
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    client.force_login(administrator)
    fields = {"figure": "calls", "limit": "10", "addresses": "chef@valmorin.example", "active": "on"}

    wrong = client.post("/admin/reports/threshold/add/", fields | {"limit": "0"})
    right = client.post("/admin/reports/threshold/add/", fields)

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert "supérieur à 0" in wrong.content.decode()
    assert Threshold.objects.get().told == ["chef@valmorin.example"]
