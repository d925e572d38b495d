"""The wallboard through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.api.answers import WallboardOut
from contactcenter.intake.services import receive
from contactcenter.routing import calls
from contactcenter.routing import services as routing
from tests.contracts.asking import PROBLEM, Api, asking_as, has_exactly
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

SUM = ("answered", "called_back", "abandoned", "short", "message", "waiting")


def test_the_figures_have_their_shape_and_add_up(api: Api) -> None:
    for seconds in (5, 60, 90):
        receive(a_caller(occurred_at=timezone.now() - timedelta(seconds=seconds)))
    item = receive(a_caller(occurred_at=timezone.now() - timedelta(seconds=30))).work_items.get()
    routing.take(item.pk, an_agent(), reason="test")
    calls.connected(item.pk)
    a_ticket(occurred_at=timezone.now() - timedelta(hours=2))
    since = (timezone.now() - timedelta(hours=1)).isoformat()

    board = api.get("/wallboard", **{"from": since}).json()

    has_exactly(WallboardOut, board)
    assert board["offered"] == sum(board[name] for name in SUM) == 4
    assert (board["answered"], board["waiting"]) == (1, 3)
    assert board["asa_s"] == pytest.approx(30, abs=20)
    assert board["channels"]["phone"]["waiting"] == 3
    assert board["channels"]["email"]["oldest_s"] == pytest.approx(7200, abs=60)
    assert set(board["channels"]) == {"phone", "email", "web", "paper"}
    assert board["channels"]["email"]["classes"]["message"]["waiting"] == board["channels"]["email"]["waiting"] == 1
    assert board["granted_without_appointment"] == 0


def test_one_office_is_asked_by_its_name(api: Api) -> None:
    receive(a_caller(office=an_office("hautmont")))
    a_ticket()

    here, there = api.get("/wallboard", office="valmorin").json(), api.get("/wallboard", office="hautmont").json()

    assert (here["offered"], there["offered"]) == (0, 1)
    assert (here["channels"]["email"]["waiting"], there["channels"]["email"]["waiting"]) == (1, 0)


def test_an_office_that_one_does_not_serve_is_not_there(api: Api) -> None:
    an_office("hautmont")
    mine = asking_as(a_user(Role.SUPERVISOR))

    for office in ("hautmont", "nulle-part"):
        response = mine.get("/wallboard", office=office, **{"from": "never"})
        assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)
    assert mine.get("/wallboard", office="valmorin").status_code == 200


def test_without_an_office_one_sees_those_one_serves(api: Api) -> None:
    receive(a_caller(office=an_office("hautmont")))
    receive(a_caller())

    assert asking_as(a_user(Role.SUPERVISOR)).get("/wallboard").json()["offered"] == 1
    assert api.get("/wallboard").json()["offered"] == 2


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-11-24", "2026-11-23T00:00:00+01:00"),
        ("hier", ""),
        ("", "2026-13-45"),
        ("2026-02-30", ""),
        ("0001-01-01T00:00:00+14:00", "0001-01-02"),
        ("2020-01-01", "2026-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("x" * 5000, ""),
    ],
)
def test_an_interval_that_is_none_is_refused_with_a_sentence(api: Api, since: str, until: str) -> None:
    response = api.get("/wallboard", **{"from": since, "to": until})

    assert response.status_code == 422
    assert response.headers["Content-Type"] == PROBLEM
    assert len(response.json()["detail"]) > 20


def test_a_day_is_the_whole_day_in_the_offices_own_time(api: Api) -> None:
    board = api.get("/wallboard", office="valmorin", **{"from": "2026-11-23", "to": "2026-11-23"}).json()

    assert (board["from"], board["to"]) == ("2026-11-23T00:00:00+01:00", "2026-11-24T00:00:00+01:00")


def test_an_empty_interval_has_nothing_and_no_shares(api: Api) -> None:
    at = "2026-11-23T08:00:00+01:00"

    board = api.get("/wallboard", **{"from": at, "to": at}).json()

    assert board["offered"] == 0
    assert board["service_level"] is board["asa_s"] is board["aht_s"] is board["occupancy"] is None
