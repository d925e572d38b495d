"""What an open page reads again is read with the rights of that moment: whatever was taken away is gone at once."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from contactcenter.accounts.models import Role, User
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent
from contactcenter.routing.readers import Reader, reader_of
from contactcenter.routing.selectors import principal_for
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db
REGIONS = ("/desk/queue/", "/desk/offers/", "/wallboard/figures/")


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def leaves(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def changes_password(user: User) -> None:
    user.set_password("tout autre chose")
    user.save()


def is_logged_out(user: User) -> None:
    Session.objects.all().delete()


def was_here_too_long(user: User) -> None:
    Session.objects.update(expire_date=timezone.now())


@pytest.mark.parametrize("what", [leaves, changes_password, is_logged_out, was_here_too_long])
@pytest.mark.parametrize("region", REGIONS)
def test_whoever_may_no_longer_be_here_reads_nothing_more(region: str, what: Callable[[User], None]):
    user = a_user()
    client = logged_in(user)
    assert client.get(region).status_code == 200

    what(user)

    assert client.get(region).status_code == 302


def test_who_lacks_the_second_factor_their_role_needs_reads_nothing(settings: Settings):
    client = logged_in(a_user())
    assert client.get("/desk/queue/").status_code == 200

    settings.CC_SECOND_FACTOR = (Role.AGENT,)

    assert client.get("/desk/queue/")["Location"] == "/account/"


def test_an_office_that_was_taken_away_is_gone_at_the_next_reading():
    user = a_user()
    a_ticket(subject="Ma carte")
    client = logged_in(user)
    before = client.get("/desk/queue/").content.decode()

    user.offices.set([an_office("elsewhere")])

    assert "Ma carte" in before
    assert "Ma carte" not in client.get("/desk/queue/").content.decode()


def test_what_i_took_stands_in_my_hand_at_the_next_reading():
    user = a_user()
    item = a_ticket().work_items.get()
    client = logged_in(user)
    before = client.get("/desk/queue/").content.decode()

    routing.take(item.pk, principal_for(user), reason="test")

    assert 'id="in-hand"' not in before
    assert 'id="in-hand"' in client.get("/desk/queue/").content.decode()


def test_what_was_taken_back_is_gone_at_the_next_reading_though_it_lay_in_another_office_s_queue(monkeypatch):
    monkeypatch.setattr("channels_app.views.desk.TRUE_FOR", 10**9)
    user = a_user()
    item = a_ticket(office=an_office("elsewhere")).work_items.get()
    routing.move(item.pk, actor="agent:1", agent=user.agent)
    client = logged_in(user)
    before = client.get("/desk/queue/")

    routing.requeue(item.pk, actor="system", why="lease_ended")
    after = client.get("/desk/queue/", headers={"If-None-Match": before["ETag"]})

    assert 'id="in-hand"' in before.content.decode()
    assert after.status_code == 200
    assert 'id="in-hand"' not in after.content.decode()


@pytest.mark.parametrize("role", Role.values)
def test_each_role_reads_again_with_the_same_rights_as_on_the_page(role: str):
    user = a_user(role)
    a_ticket()
    a_ticket(office=an_office("elsewhere"))
    client = logged_in(user)
    user.refresh_from_db()
    by = principal_for(user)

    reader = reader_of(client.cookies["sessionid"].value)

    assert reader is not None
    assert (reader.by, reader.queue_ids) == (by, Reader.of(by).queue_ids)


def test_somebody_who_never_came_before_is_let_in_by_the_long_way():
    user = a_user()
    client = logged_in(user)
    Agent.objects.filter(user=user).delete()

    assert client.get("/desk/queue/").status_code == 200
    assert Agent.objects.filter(user=user).exists()


def test_a_browser_that_comes_back_as_somebody_else_reads_as_them():
    first, second = a_user(), a_user(office=an_office("elsewhere"))
    a_ticket(subject="Ma carte")
    client = logged_in(first)
    assert "Ma carte" in client.get("/desk/queue/").content.decode()
    key = client.cookies["sessionid"].value
    other = logged_in(second)

    Session.objects.filter(session_key=key).update(
        session_data=Session.objects.get(session_key=other.cookies["sessionid"].value).session_data
    )

    assert "Ma carte" not in client.get("/desk/queue/").content.decode()


def test_a_stranger_is_asked_to_log_in_and_a_page_that_re_reads_shows_a_sign_of_life(monkeypatch):
    monkeypatch.setattr("contactcenter.routing.signs._passed_on", {})
    user = a_user()
    client = logged_in(user)

    client.get("/desk/queue/")

    assert Client().get("/desk/queue/").status_code == 302
    assert Client(headers={"Cookie": "sessionid=guessed"}).get("/desk/queue/").status_code == 302
    assert Agent.objects.get(user=user).seen_at is not None
