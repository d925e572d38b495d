"""The queue through the API: its order, the next item, taking, giving back, finishing."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from contactcenter.api.answers import QueuePage, TakenOut, WorkItemOut
from contactcenter.intake.services import receive
from contactcenter.routing.models import WorkItem
from contactcenter.routing.services import open_work_item
from tests.contracts.asking import Api, asking_as, has_exactly
from tests.factories import a_caller, a_ticket, a_user, an_office


@pytest.fixture
def stopped_at(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A clock that stands still on a Wednesday at ten."""
    now = datetime.fromisoformat("2026-11-25T10:00:00+01:00")
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def a_mixed_queue(now: datetime) -> None:
    """Calls, messages and letters of several ages, two with the same age, one ticket with two things to do."""
    for minutes in (1, 2, 2, 90, 400, 1400):
        a_ticket(occurred_at=now - timedelta(minutes=minutes))
        a_ticket(occurred_at=now - timedelta(minutes=3 * minutes), channel="paper", needs="scan_check", receipt=False)
    for minutes in (0, 1, 5):
        receive(a_caller(occurred_at=now - timedelta(minutes=minutes)))
    twofold = a_ticket(occurred_at=now - timedelta(minutes=60))
    open_work_item(twofold, "undelivered", actor="system", enqueued_at=now - timedelta(minutes=30))


def test_the_queue_is_emptied_by_next_in_the_order_in_which_it_is_shown(api: Api, stopped_at: datetime) -> None:
    a_mixed_queue(stopped_at)
    shown = list(api.every("/queue", limit=4))

    taken, also = [], []
    while (answer := api.post("/queue/next")).status_code == 200:
        taken.append(answer.json()["id"])
        also += [item["id"] for item in answer.json()["also"]]

    assert answer.status_code == 204
    assert answer.content == b""
    assert len(shown) == 17
    assert also
    assert taken == [item["id"] for item in shown if item["id"] not in also]


def test_the_queue_shows_each_once_by_score_then_age_then_date_due_then_number(api: Api, stopped_at: datetime) -> None:
    a_mixed_queue(stopped_at)

    shown = list(api.every("/queue", limit=3))

    assert len({item["id"] for item in shown}) == len(shown) == WorkItem.objects.waiting().count()
    due = dict(WorkItem.objects.values_list("pk", "due_at"))
    keys = [
        (-item["score"], datetime.fromisoformat(item["enqueued_at"]), due[item["id"]], item["id"]) for item in shown
    ]
    assert keys == sorted(keys)


def test_a_page_has_what_the_contract_names(api: Api, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(8):
        a_ticket()

    with django_assert_max_num_queries(4):
        page = api.get("/queue").json()

    has_exactly(QueuePage, page)
    assert len(page["items"]) == 8
    assert all(item["reason"] and item["ticket"] for item in page["items"])


def test_work_that_waits_on_is_met_once_while_others_come_and_go(api: Api) -> None:
    now = timezone.now()
    stay = {a_ticket(occurred_at=now - timedelta(minutes=minutes)).reference for minutes in range(5, 17)}

    met = []
    for number, item in enumerate(api.every("/queue", limit=2)):
        met.append(item["ticket"])
        a_ticket()
        if number % 4 == 0:
            stay.discard(api.post("/queue/next").json()["ticket"])

    assert len(met) == len(set(met))
    assert stay <= set(met)


def test_the_queue_can_be_read_for_one_channel(api: Api) -> None:
    a_ticket()
    receive(a_caller())

    assert [item["kind"] for item in api.every("/queue", channel="phone")] == ["call"]
    assert list(api.every("/queue", channel="pigeon")) == []


def test_the_next_item_is_taken_with_the_others_of_its_ticket(api: Api) -> None:
    ticket = a_ticket()
    open_work_item(ticket, "undelivered", actor="system")

    taken = api.post("/queue/next")

    assert taken.status_code == 200
    has_exactly(TakenOut, taken.json())
    assert taken.json()["ticket"] == ticket.reference
    assert len(taken.json()["also"]) == 1
    assert api.post("/queue/next").status_code == 204


def test_an_item_is_taken_given_back_and_finished(api: Api) -> None:
    a_ticket()
    number = next(api.every("/queue"))["id"]

    taken = api.post(f"/work-items/{number}/take")
    assert (taken.status_code, taken.json()["state"]) == (200, "assigned")
    released = api.post(f"/work-items/{number}/release")
    assert (released.status_code, released.json()["state"]) == (200, "waiting")
    has_exactly(WorkItemOut, released.json())
    assert api.post(f"/work-items/{number}/take", {"reason": "la personne attend au guichet"}).status_code == 200
    for _again in range(2):
        done = api.post(f"/work-items/{number}/done")
        assert (done.status_code, done.json()["state"]) == (200, "done")


def test_what_a_colleague_has_is_refused_and_the_colleague_is_named(api: Api) -> None:
    a_ticket()
    user = a_user()
    number = asking_as(user).post("/queue/next").json()["id"]

    refused = asking_as(a_user()).post(f"/work-items/{number}/take", {})

    assert refused.status_code == 409
    assert refused.json()["holder"] == str(user)
    assert str(user) in refused.json()["detail"]


def test_one_cannot_give_back_what_one_does_not_hold(api: Api) -> None:
    a_ticket()
    number = next(api.every("/queue"))["id"]

    assert api.post(f"/work-items/{number}/release").status_code == 422


def test_an_agent_is_given_work_of_their_office_and_skills_alone(api: Api) -> None:
    a_ticket(office=an_office("lointaine"))
    receive(a_caller())
    writer = asking_as(a_user(skills=("writing",)))

    assert list(writer.every("/queue")) == []
    assert writer.post("/queue/next").status_code == 204
    a_ticket()
    assert writer.post("/queue/next").json()["kind"] == "message"


def test_work_of_another_office_is_not_there_whatever_is_asked_of_it(api: Api) -> None:
    a_ticket(office=an_office("lointaine"))
    number = WorkItem.objects.get().pk
    asked = asking_as(a_user())

    for verb in ("take", "release", "done"):
        for wanted in (number, 10**30, "abc", "0"):
            assert asked.post(f"/work-items/{wanted}/{verb}", {"reason": 1}).status_code == 404, (verb, wanted)


def test_the_service_may_take_item_after_item(api: Api) -> None:
    for _ in range(30):
        a_ticket()

    numbers = [api.post("/queue/next").json()["id"] for _ in range(30)]

    assert len(set(numbers)) == 30
