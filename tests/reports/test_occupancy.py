"""Occupancy: each minute once, whoever was there."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from contactcenter.reports.occupancy import Span, occupancy, occupancy_between
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Assignment, Presence, PresenceInterval
from tests.factories import a_ticket, an_agent, an_office

NINE = datetime.fromisoformat("2026-11-23T09:00:00+01:00")


def minutes(agent: int, start: float, end: float) -> Span:
    return Span(agent_id=agent, start=NINE + timedelta(minutes=start), end=NINE + timedelta(minutes=end))


def of(there: list[Span], busy: list[Span]) -> float | None:
    return occupancy(there, busy, start=NINE, end=NINE + timedelta(hours=1))


def test_half_of_the_time_there_was_busy():
    assert of([minutes(1, 0, 60)], [minutes(1, 10, 40)]) == 0.5


def test_two_things_in_hand_at_once_are_one():
    assert of([minutes(1, 0, 60)], [minutes(1, 0, 20), minutes(1, 10, 30)]) == 0.5


def test_two_agents_are_two():
    assert of([minutes(1, 0, 60), minutes(2, 0, 60)], [minutes(1, 0, 60)]) == 0.5


def test_what_lies_outside_of_the_interval_does_not_count():
    assert of([minutes(1, -60, 120)], [minutes(1, -60, 30)]) == 0.5


def test_who_is_busy_is_there_whatever_they_said():
    assert of([minutes(1, 0, 20)], [minutes(1, 10, 40)]) == 0.75


def test_where_nobody_was_there_is_no_share():
    assert of([], []) is None


@pytest.mark.django_db
def test_it_is_told_from_presence_and_assignments():
    now = timezone.now()
    by, other = an_agent(), an_agent(office=an_office("hautmont"))
    item = a_ticket().work_items.get()
    routing.take(item.pk, by)
    routing.done(item.pk, by)
    Assignment.objects.update(started_at=now - timedelta(minutes=50), ended_at=now - timedelta(minutes=35))
    for one in (by, other):
        presence.set_presence(one.agent_id or 0, Presence.AVAILABLE, actor=one.actor)
    PresenceInterval.objects.update(started_at=now - timedelta(hours=5))
    PresenceInterval.objects.filter(agent=by.agent_id).update(ended_at=now - timedelta(minutes=20))

    start = now - timedelta(hours=1)

    soon = now + timedelta(hours=1)

    assert occupancy_between(start, soon, [an_office().pk]) == pytest.approx(15 / 40, rel=0.05)
    assert occupancy_between(start, soon, None) == pytest.approx(15 / 100, rel=0.05)
    assert occupancy_between(start - timedelta(days=9), start - timedelta(days=8), None) is None
