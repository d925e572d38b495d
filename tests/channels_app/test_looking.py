"""Who else looks at a request is shown while it is true, to whoever may see the request."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from channels_app import hub, looking
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    hub._client.cache_clear()
    monkeypatch.setattr(hub, "_resting_until", 0.0)
    yield
    hub._client.cache_clear()


@pytest.fixture
def ticket():
    ticket = a_ticket()
    hub.ask_all([("DEL", looking.KEY.format(ticket.pk))])  # ids come again in the next test
    return ticket


class Desk:
    """Somebody before the request's page."""

    def __init__(self, ticket, name: str, **fields) -> None:
        self.user = a_user(**fields)
        self.user.first_name = name
        self.user.save()
        self.client, self.page = Client(headers={"accept-language": "en"}), f"/desk/tickets/{ticket.reference}/"
        self.client.force_login(self.user)

    def opens(self) -> str:
        return self.client.get(self.page).content.decode()

    def reads(self, page: str = "shown", **headers: str):
        return self.client.get(f"{self.page}story/", headers={"X-Page": page, **headers})

    def closes(self, **look: str):
        return self.client.post(f"{self.page}looked-away/", look)


def test_who_looks_is_shown_to_the_others_until_their_page_is_closed(ticket):
    claire, paul = Desk(ticket, "Claire"), Desk(ticket, "Paul")
    claire.opens()

    assert "Looking at this too: Claire" in paul.opens()
    assert "Looking at this too: Paul" in claire.reads().content.decode()
    paul.closes()
    alone = claire.reads().content.decode()

    assert "Looking at this too" not in alone
    assert "Claire" not in alone.split("story-lines")[0]  # nobody is told of themselves


def test_a_reading_that_arrives_after_its_page_was_closed_begins_no_look(ticket):
    claire, paul, olga = (Desk(ticket, name) for name in ("Claire", "Paul", "Olga"))
    paul.opens()
    olga.reads(**{"X-Look": "3"})

    paul.closes(look="1")
    paul.reads(**{"X-Look": "1"})
    assert "Looking at this too: Olga<" in claire.opens()
    paul.reads(**{"X-Look": "2"})  # shown again, or another page of theirs

    assert "Looking at this too: Olga, Paul<" in claire.reads().content.decode()


def test_an_ended_look_is_forgotten_with_time(ticket):
    paul = Desk(ticket, "Paul")

    paul.closes(look="1")

    assert 0 < hub.ask_all([("TTL", looking.KEY.format(ticket.pk))])[0] <= looking.TRUE_FOR


def test_a_story_that_has_not_changed_is_read_anew_once_somebody_else_looks(ticket):
    claire, paul = Desk(ticket, "Claire"), Desk(ticket, "Paul")
    tag = claire.reads()["ETag"]
    assert claire.reads(**{"If-None-Match": tag}).status_code == 304

    paul.opens()

    assert claire.reads(**{"If-None-Match": tag}).status_code == 200


def test_a_page_behind_others_looks_at_nothing(ticket):
    claire, paul = Desk(ticket, "Claire"), Desk(ticket, "Paul")

    paul.reads("hidden")

    assert "Looking at this too" not in claire.opens()


def test_a_page_that_says_nothing_for_a_while_is_believed_to_be_gone(ticket, monkeypatch):
    claire, paul = Desk(ticket, "Claire"), Desk(ticket, "Paul")
    monkeypatch.setattr(looking, "TRUE_FOR", -1)
    paul.opens()

    assert "Looking at this too" not in claire.opens()


def test_while_redis_is_away_nobody_is_shown_and_the_page_is_there(ticket, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1"

    assert "ticket-title" in Desk(ticket, "Claire").opens()


def test_of_a_request_of_another_office_nobody_is_told_and_nothing_can_be_said(ticket):
    stranger = Desk(ticket, "Stranger", office=an_office("elsewhere"))

    assert [stranger.reads().status_code, stranger.closes().status_code] == [404, 404]
    assert "Stranger" not in Desk(ticket, "Claire").opens()


def test_looking_and_reading_again_write_nothing_to_the_database_but_the_sign_of_life(ticket):
    claire, paul = Desk(ticket, "Claire"), Desk(ticket, "Paul")
    paul.opens()

    with CaptureQueriesContext(connection) as asked:
        claire.opens()
        claire.reads()
        claire.closes()

    writes = [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [sql for sql in writes if 'UPDATE "routing_agent"' not in sql] == []
