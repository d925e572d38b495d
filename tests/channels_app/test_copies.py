"""One copy of the waiting list for everybody who sees the same."""

import secrets
import threading

import pytest

from channels_app import hub
from channels_app.copies import MOST, one_for_all
from tests.factories import a_ticket, a_user, an_office


def test_many_who_ask_at_once_get_the_one_copy_that_the_first_made():
    made, key, got = [], secrets.token_hex(4), []
    asked, may_go_on = threading.Event(), threading.Event()

    def make():
        made.append(1)
        asked.set()
        may_go_on.wait(30)
        return "the list"

    threads = [threading.Thread(target=lambda: got.append(one_for_all(key, make))) for _ in range(6)]
    for thread in threads:
        thread.start()
    asked.wait(30)
    may_go_on.set()
    for thread in threads:
        thread.join(30)

    assert (got, len(made)) == (["the list"] * 6, 1)


def test_a_copy_that_could_not_be_made_is_made_by_the_next_who_asks():
    key = secrets.token_hex(4)

    def fail():
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        one_for_all(key, fail)

    assert one_for_all(key, lambda: "the list") == "the list"


def test_only_the_last_used_are_kept():
    key = secrets.token_hex(4)
    one_for_all(key, lambda: "before")
    for _ in range(MOST):
        one_for_all(secrets.token_hex(4), lambda: "another")

    assert one_for_all(key, lambda: "anew") == "anew"


@pytest.fixture
def slow_clock(monkeypatch):
    monkeypatch.setattr("channels_app.views.desk.TRUE_FOR", 10**9)


@pytest.mark.django_db
def test_a_colleague_with_the_same_rights_gets_the_copy_and_one_with_others_does_not(client, slow_clock):
    item = a_ticket(subject="Ma carte").work_items.get()
    queue_id = item.lane.queue_id
    first, second, stranger = a_user(), a_user(), a_user(office=an_office("montreuil"))
    client.force_login(first)
    assert "Ma carte" in client.get("/desk/queue/").content.decode()
    item.ticket.subject = "Autre chose"
    item.ticket.save()

    client.force_login(second)
    copied = client.get("/desk/queue/").content.decode()
    client.force_login(stranger)
    nothing = client.get("/desk/queue/").content.decode()
    hub.announce([queue_id])
    client.force_login(second)
    anew = client.get("/desk/queue/").content.decode()

    assert "Ma carte" in copied
    assert "Ma carte" not in nothing
    assert "Autre chose" not in nothing
    assert "Autre chose" in anew


@pytest.mark.django_db
def test_the_opened_ticket_is_marked_in_the_copy_for_its_reader_alone(client, slow_clock):
    ticket = a_ticket()
    client.force_login(a_user())

    marked = client.get(f"/desk/queue/?open={ticket.reference}").content.decode()
    plain = client.get("/desk/queue/?open=").content.decode()
    odd = client.get('/desk/queue/?open="><b>').content.decode()

    assert f'data-ticket="{ticket.reference}" aria-current="true"' in marked
    assert "aria-current" not in plain
    assert "<b>&gt;" not in odd
    assert '"><b>"' not in odd
