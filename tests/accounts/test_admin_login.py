"""The administration is entered by the same door as the desk, where guesses are counted."""

import pytest
from django.test import Client

from contactcenter.accounts.login import WRONG_PASSWORDS
from contactcenter.accounts.models import Role, User
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def an_administrator() -> User:
    user = a_user(Role.ADMINISTRATOR)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    return user


def test_a_stranger_is_led_to_the_one_door_and_from_there_to_the_page(client: Client) -> None:
    user = an_administrator()

    led = client.get("/admin/login/", {"next": "/admin/accounts/user/"})
    entered = client.post(led["Location"], {"username": user.username, "password": "pass"})

    assert led["Location"] == "/login/?next=/admin/accounts/user/"
    assert (entered.status_code, entered["Location"]) == (302, "/admin/accounts/user/")
    assert client.get(entered["Location"]).status_code == 200


def test_passwords_are_not_tried_at_the_admin(client: Client) -> None:
    user = an_administrator()

    answer = client.post("/admin/login/", {"username": user.username, "password": "pass"})

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/admin/")
    assert "_auth_user_id" not in client.session


def test_who_guessed_too_often_does_not_get_in_by_the_admin(client: Client) -> None:
    user = an_administrator()
    form = {"username": user.username, "password": "pass"}
    for _ in range(WRONG_PASSWORDS.burst):
        client.post("/login/", {**form, "password": "guess"})

    answer = client.post("/admin/login/", form, follow=True)

    assert "_auth_user_id" not in client.session
    assert answer.redirect_chain[0][0] == "/login/?next=/admin/"
    assert client.post("/login/?next=/admin/", form).status_code == 429


def test_an_agent_is_told_who_may_enter_and_not_sent_in_circles(client: Client) -> None:
    client.force_login(a_user())

    answer = client.get("/admin/accounts/user/", follow=True, headers={"Accept-Language": "en"})

    assert answer.status_code == 403
    assert "The administration is for administrators." in answer.content.decode()


def test_an_administrator_at_the_door_comes_to_the_index(client: Client) -> None:
    client.force_login(an_administrator())

    assert client.get("/admin/login/")["Location"] == "/admin/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_door_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    assert client.get("/admin/login/", {"next": elsewhere})["Location"] == "/login/?next=/admin/"
