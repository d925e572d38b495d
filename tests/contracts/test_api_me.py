"""The asker themselves: presence, and what is offered to them."""

import pytest

from contactcenter.intake.services import receive
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Offer, WorkItem
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_caller, a_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mine() -> Api:
    return asking_as(a_user())


def put(api: Api, body: object) -> object:
    import json

    from django.test import Client

    headers = {"Authorization": f"Bearer {api.token}"}
    return Client().put("/api/v1/me/presence", json.dumps(body), content_type="application/json", headers=headers)


def test_presence_is_said_and_read(mine: Api) -> None:
    assert mine.get("/me/presence").json()["state"] == "offline"

    answer = put(mine, {"state": "away", "reason": "meal"})

    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "away", "meal")


@pytest.mark.parametrize("state", ["busy", "wrap_up", "asleep", "", None])
def test_what_follows_from_work_cannot_be_said(mine: Api, state: object) -> None:
    assert put(mine, {"state": state}).status_code == 422


def test_the_service_has_no_presence_and_is_offered_nothing(settings) -> None:
    settings.CC_API_TOKEN = SERVICE

    assert Api().get("/me/presence").status_code == 422
    assert Api().get("/me/offers").json() == {"items": [], "next": None}


def test_a_call_is_offered_and_accepted(mine: Api) -> None:
    put(mine, {"state": "available"})
    ticket = receive(a_caller())
    dispatch()

    (offer,) = mine.get("/me/offers").json()["items"]
    assert offer["work_item"]["ticket"] == ticket.reference
    taken = mine.post(f"/offers/{offer['id']}/accept")

    assert (taken.status_code, taken.json()["state"]) == (200, "assigned")
    assert mine.get("/me/presence").json()["state"] == "busy"
    assert mine.post(f"/offers/{offer['id']}/accept").status_code == 422


def test_an_offer_is_declined_and_nobody_else_s_is_there(mine: Api) -> None:
    put(mine, {"state": "available"})
    receive(a_caller())
    dispatch()
    number = Offer.objects.get().pk
    other = asking_as(a_user())

    assert other.post(f"/offers/{number}/decline").status_code == 404
    taken = other.post(f"/work-items/{WorkItem.objects.get().pk}/take")
    assert (taken.status_code, taken.json()["holder"]) == (409, str(Offer.objects.get().agent))
    assert mine.post(f"/offers/{number}/decline").json() == {"items": [], "next": None}
    assert WorkItem.objects.get().state == "waiting"
