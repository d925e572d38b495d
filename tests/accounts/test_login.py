"""Those who work here log in; those who guess have to wait."""

import pytest
from django.test import Client

from contactcenter.accounts.login import WRONG_PASSWORDS
from contactcenter.accounts.models import User
from tests.factories import a_user

pytestmark = pytest.mark.django_db
FRENCH = {"Accept-Language": "fr"}


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


def of_language(code: str) -> User:
    user = a_user()
    User.objects.filter(pk=user.pk).update(language=code)
    return user


def language_after(client: Client, user: User) -> str:
    """What the desk is written in after signing in by a browser that prefers French."""
    client.post("/login/", {"username": user.username, "password": "pass"}, headers=FRENCH)
    page = client.get("/desk/", headers=FRENCH).content.decode()
    client.post("/logout/")
    return page.partition('<html lang="')[2][:2]


def test_pages_are_in_the_language_entered_for_whoever_signed_in_last(client: Client) -> None:
    english, french = of_language("en"), of_language("fr")

    assert [language_after(client, user) for user in (english, french, english)] == ["en", "fr", "en"]


def test_a_language_chosen_on_a_page_goes_before_the_one_entered(client: Client) -> None:
    english = of_language("en")
    client.get("/login/?lang=fr")

    assert language_after(client, english) == "fr"


def test_a_language_that_is_none_of_ours_leaves_the_browser_s(client: Client) -> None:
    assert language_after(client, of_language("x\n")) == "fr"
