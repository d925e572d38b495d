"""Those who work here log in; those who guess have to wait."""

import pytest
from django.test import Client

from contactcenter.accounts.login import WRONG_PASSWORDS
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def test_an_agent_logs_in_and_comes_to_the_desk(client: Client) -> None:
    user = a_user()

    answer = client.post("/login/", {"username": user.username, "password": "pass"})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_who_guesses_waits_even_with_the_right_password(client: Client) -> None:
    user = a_user()
    for _ in range(WRONG_PASSWORDS.burst):
        client.post("/login/", {"username": user.username, "password": "guess"})

    answer = client.post("/login/", {"username": user.username, "password": "pass"})

    assert answer.status_code == 429
    assert "_auth_user_id" not in client.session


def test_another_agent_is_not_held_up(client: Client) -> None:
    guessed, other = a_user(), a_user()
    for _ in range(WRONG_PASSWORDS.burst):
        client.post("/login/", {"username": guessed.username, "password": "guess"})

    answer = client.post("/login/", {"username": other.username, "password": "pass"})

    assert answer.status_code == 302
