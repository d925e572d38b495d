"""Every channel by its own promise: who waits, how long those waited who were taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.desk import surgery
from contactcenter.intake.services import receive
from contactcenter.reports.channels import by_channel
from contactcenter.routing import offers, presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Presence, WorkItem
from tests.factories import a_caller, a_ticket, an_agent, an_office

pytestmark = pytest.mark.django_db


def figures(**more):
    now = timezone.now()
    facts = {"start": now - timedelta(days=1), "end": now + timedelta(seconds=1), **more}
    return {one.channel: one for one in by_channel(now, None, **facts)}


def test_the_oldest_is_told_in_seconds_and_by_its_promise():
    a_ticket(occurred_at=timezone.now() - timedelta(hours=8))
    a_ticket(occurred_at=timezone.now() - timedelta(hours=1))
    a_ticket(channel="paper", occurred_at=timezone.now() - timedelta(hours=8))

    found = figures()

    assert (found["email"].now.waiting, found["paper"].now.waiting, found["web"].now.waiting) == (2, 1, 0)
    assert found["email"].now.oldest_s == pytest.approx(8 * 3600, abs=60)
    assert found["email"].now.relative_lateness == pytest.approx(0.5, abs=0.01)
    assert found["paper"].now.relative_lateness == pytest.approx(0.2, abs=0.01)
    assert (found["web"].now.oldest_s, found["web"].now.relative_lateness) == (None, 0)


def test_what_waits_is_told_by_class_too_the_fastest_promise_first():
    for hours in (1, 2, 8):
        a_ticket(occurred_at=timezone.now() - timedelta(hours=hours))
    urgent = WorkItem.objects.order_by("enqueued_at").last()
    surgery.reprioritise(urgent.pk, "urgent", an_agent(role=Role.SUPERVISOR), reason="expulsion demain")

    email = figures()["email"]

    assert [(name, one.waiting) for name, one in email.classes.items()] == [("urgent", 1), ("message", 2)]
    assert email.classes["urgent"].relative_lateness == pytest.approx(1 / 8, abs=0.01)
    assert email.classes["message"].oldest_s == email.now.oldest_s == pytest.approx(8 * 3600, abs=60)
    assert email.now.waiting == 3


def test_nine_in_ten_of_those_taken_had_waited_no_longer():
    for minutes in range(1, 11):
        item = a_ticket(occurred_at=timezone.now() - timedelta(minutes=minutes)).work_items.get()
        routing.take(item.pk, an_agent(), reason="test")

    assert figures()["email"].p90_s == pytest.approx(9 * 60, abs=30)


def test_only_the_first_taking_tells_a_wait():
    item = a_ticket(occurred_at=timezone.now() - timedelta(hours=3)).work_items.get()
    agent = an_agent()
    routing.take(item.pk, agent)
    routing.release(item.pk, agent)
    between = timezone.now()
    routing.take(item.pk, agent)

    assert figures(start=between)["email"].p90_s is None
    assert figures()["email"].p90_s == pytest.approx(3 * 3600, abs=60)


def test_who_is_being_offered_waits_all_the_same():
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    item = receive(a_caller(occurred_at=timezone.now() - timedelta(seconds=90))).work_items.get()
    offers.make(item.pk, by.agent_id or 0)

    assert WorkItem.objects.get(pk=item.pk).state == "offered"
    assert figures()["phone"].now.waiting == 1
    assert figures()["phone"].now.oldest_s == pytest.approx(90, abs=30)


def test_only_the_offices_asked_for_are_counted():
    a_ticket()
    a_ticket(office=an_office("hautmont"))
    now = timezone.now()

    mine = by_channel(now, [an_office().pk], start=now, end=now)

    assert {one.channel: one.now.waiting for one in mine} == {"phone": 0, "email": 1, "web": 0, "paper": 0}


def test_the_channels_cost_the_same_queries_however_much_waits(django_assert_max_num_queries):
    for _number in range(20):
        a_ticket()
    assert Agent.objects.count() == 0
    figures()

    with django_assert_max_num_queries(6):
        figures()
