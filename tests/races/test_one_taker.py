"""Agents who reach for work at the same moment: each gets another item, a chosen one goes to one of them."""

import pytest
from pytest_django import Settings

from contactcenter.desk import work
from contactcenter.routing import services as routing
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.sweeps import sweep_leases
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_ticket, a_user, an_agent
from tests.races.together import six_times, together

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_agents_asking_for_the_next_item_get_six_different_ones() -> None:
    agents = [an_agent() for _ in range(6)]
    for _ in range(6):
        a_ticket()

    taken = together(*[lambda agent=agent: work.take_next(agent) for agent in agents])

    numbers = {one.work_item.pk for one in taken if one}
    assert len(numbers) == 6
    assert Assignment.objects.filter(ended_at=None).count() == 6


def test_six_agents_and_three_items_leave_three_with_nothing_and_no_item_twice() -> None:
    agents = [an_agent() for _ in range(6)]
    for _ in range(3):
        a_ticket()

    taken = together(*[lambda agent=agent: work.take_next(agent) for agent in agents])

    assert len({one.work_item.pk for one in taken if one}) == 3
    assert taken.count(None) == 3


def test_six_calls_of_the_service_at_once_get_six_different_items_over_http(settings: Settings) -> None:
    settings.CC_API_TOKEN = SERVICE
    for _ in range(6):
        a_ticket()

    answers = six_times(lambda: Api().post("/queue/next"))

    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.json()["id"] for answer in answers}) == 6


def test_a_chosen_item_goes_to_one_and_the_others_are_told_who_has_it(settings: Settings) -> None:
    a_ticket()
    number = WorkItem.objects.get().pk
    users = {str(user): user for user in (a_user() for _ in range(6))}
    clients = [asking_as(user) for user in users.values()]

    answers = together(*[lambda api=api: api.post(f"/work-items/{number}/take") for api in clients])

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    holder = Assignment.objects.get(ended_at=None).holder
    assert {answer.json()["holder"] for answer in answers if answer.status_code == 409} == {holder}
    assert holder in users


def test_two_items_of_one_ticket_do_not_go_to_two_agents() -> None:
    for _ in range(3):
        a_ticket(ticket_id=a_ticket().pk)
    agents = [an_agent() for _ in range(6)]

    taken = [one for one in together(*[lambda agent=agent: work.take_next(agent) for agent in agents]) if one]

    assert [len(one.also) for one in taken] == [1, 1, 1]
    assert Assignment.objects.filter(ended_at=None).count() == 6


def test_an_item_given_back_by_six_at_once_waits_once() -> None:
    a_ticket()
    agent = an_agent()
    taken = work.take_next(agent)
    assert taken

    def give_back() -> bool:
        try:
            work.release(taken.work_item.pk, agent)
        except Exception:
            return False
        return True

    assert six_times(give_back).count(True) == 1
    assert WorkItem.objects.waiting().count() == 1


def test_a_lease_that_ends_while_its_holder_finishes_leaves_one_outcome() -> None:
    a_ticket()
    agent = an_agent()
    taken = work.take_next(agent)
    assert taken
    Assignment.objects.update(lease_until="2026-01-01T00:00Z", started_at="2025-12-31T00:00Z")

    together(lambda: routing.done(taken.work_item.pk, agent).state, lambda: str(sweep_leases()))

    assert Assignment.objects.filter(ended_at=None).count() == 0
    assert WorkItem.objects.get().state in ("done", "waiting")
