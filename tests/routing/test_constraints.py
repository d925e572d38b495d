"""What can never be, the database refuses, whoever writes it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contactcenter.routing.models import Agent, Assignment, Offer, Parking, Presence, PresenceInterval, WorkItem
from tests.factories import a_ticket, an_agent

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BEFORE = NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "nonsense"},
        {"state": "scheduled", "due_from": None},
        {"state": "done", "done_at": None},
        {"state": "waiting", "done_at": NOW},
        {"state": "waiting", "stage": "connected"},
        {"state": "done", "done_at": NOW, "stage": "wrap_up"},
        {"state": "assigned", "stage": "nonsense"},
    ],
)
def test_a_work_item_stands_where_its_life_has_a_place(fields: dict[str, object]):
    item = a_ticket().work_items.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkItem.objects.filter(pk=item.pk).update(**fields)

    assert WorkItem.objects.get(pk=item.pk).state == "waiting"


def an_assignment(item: WorkItem, agent: Agent, **fields: object) -> None:
    facts = {"work_item": item, "agent": agent, "actor": f"agent:{agent.pk}", "holder": str(agent)}
    Assignment.objects.create(**facts | fields)


def held_twice(item: WorkItem, agent: Agent) -> None:
    for _ in range(2):
        an_assignment(item, agent)


def given_back_before_it_was_taken(item: WorkItem, agent: Agent) -> None:
    an_assignment(item, agent, started_at=NOW, ended_at=BEFORE)


def set_aside_twice(item: WorkItem, agent: Agent) -> None:
    an_assignment(item, agent)
    for _ in range(2):
        Parking.objects.create(assignment=Assignment.objects.get(), started_at=NOW)


def offered(item: WorkItem, agent: Agent, **fields: object) -> None:
    Offer.objects.create(**{"work_item": item, "agent": agent, "made_at": NOW, "expires_at": NOW} | fields)


def offered_to_two(item: WorkItem, agent: Agent) -> None:
    offered(item, agent)
    offered(item, Agent.objects.get(pk=an_agent().agent_id))


def offered_two_at_once(item: WorkItem, agent: Agent) -> None:
    offered(item, agent)
    offered(a_ticket().work_items.get(), agent)


def passed_without_saying_how(item: WorkItem, agent: Agent) -> None:
    offered(item, agent, ended_at=NOW)


def there_and_away_at_once(item: WorkItem, agent: Agent) -> None:
    for state in (Presence.AVAILABLE, Presence.AWAY):
        PresenceInterval.objects.create(agent=agent, state=state, actor="system", started_at=NOW)


def gone_before_they_came(item: WorkItem, agent: Agent) -> None:
    PresenceInterval.objects.create(agent=agent, state="away", actor="system", started_at=NOW, ended_at=BEFORE)


def present_in_a_way_that_is_none(item: WorkItem, agent: Agent) -> None:
    Agent.objects.filter(pk=agent.pk).update(presence="asleep")


@pytest.mark.parametrize(
    "what",
    [
        held_twice,
        given_back_before_it_was_taken,
        set_aside_twice,
        offered_to_two,
        offered_two_at_once,
        passed_without_saying_how,
        there_and_away_at_once,
        gone_before_they_came,
        present_in_a_way_that_is_none,
    ],
)
def test_no_work_and_no_agent_is_in_two_places_at_once(what: Callable[[WorkItem, Agent], None]):
    item, agent = a_ticket().work_items.get(), Agent.objects.get(pk=an_agent().agent_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        what(item, agent)
