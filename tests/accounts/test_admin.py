"""Who works here is entered by an administrator; rights follow the role, and a refusal says what to do."""

from typing import Any

import pytest
from django.test import Client

from contactcenter.accounts.models import Role, User
from tests.factories import a_user, an_office

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def chief() -> User:
    return User.objects.create_superuser(username="chief", password="x")


@pytest.fixture
def admin(client: Client, chief: User) -> Client:
    client.force_login(chief)
    return client


def filled(user: User | None = None, **fields: Any) -> dict[str, Any]:
    """The form as it is sent."""
    facts = {"username": user.username if user else "ines", "language": "fr", "is_active": "on", "role": Role.AGENT}
    words = (
        {} if user else {"usable_password": "true", "password1": "une-longue-phrase", "password2": "une-longue-phrase"}
    )
    return {**facts, **words, **fields}


def test_somebody_new_is_entered_with_role_and_office_and_can_work(admin: Client):
    answer = admin.post("/admin/accounts/user/add/", filled(first_name="Inès", offices=[an_office().pk]))

    assert answer.status_code == 302
    client = Client()
    client.post("/login/", {"username": "ines", "password": "une-longue-phrase"})
    assert client.get("/desk/").status_code == 200
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_agent_without_an_office_is_refused_with_a_sentence(admin: Client):
    answer = admin.post("/admin/accounts/user/add/", filled(), headers=ENGLISH)

    assert "without one they would see no request" in answer.content.decode()
    assert not User.objects.filter(username="ines").exists()


def test_who_becomes_administrator_may_enter_and_who_is_one_no_longer_may_not(admin: Client):
    user = a_user()

    admin.post(f"/admin/accounts/user/{user.pk}/change/", filled(user, role=Role.ADMINISTRATOR))
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser) == (True, True)

    admin.post(f"/admin/accounts/user/{user.pk}/change/", filled(user, offices=[an_office().pk]))
    user.refresh_from_db()
    assert (user.role, user.is_staff, user.is_superuser) == (Role.AGENT, False, False)


@pytest.mark.parametrize("fields", [{"role": Role.AUDITOR}, {"role": Role.ADMINISTRATOR, "is_active": ""}])
def test_the_only_administrator_stays_one(admin: Client, chief: User, fields: dict[str, str]):
    sent = filled(chief, **{"role": Role.ADMINISTRATOR, "offices": [an_office().pk], **fields})

    answer = admin.post(f"/admin/accounts/user/{chief.pk}/change/", sent, headers=ENGLISH)

    assert "This is the only administrator" in answer.content.decode()
    chief.refresh_from_db()
    assert (chief.role, chief.is_active, chief.is_superuser) == (Role.ADMINISTRATOR, True, True)


def test_who_leaves_is_closed_and_never_deleted(admin: Client):
    user = a_user()

    assert admin.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    form = filled(user, offices=[an_office().pk])
    del form["is_active"]
    admin.post(f"/admin/accounts/user/{user.pk}/change/", form)

    user.refresh_from_db()
    assert user.is_active is False


def test_a_user_s_name_is_taken_once(admin: Client):
    user = a_user()

    answer = admin.post("/admin/accounts/user/add/", filled(username=user.username, offices=[an_office().pk]))

    assert answer.context["errors"]


def test_nothing_on_the_index_asks_for_what_nobody_needs(admin: Client):
    page = admin.get("/admin/").content.decode()

    assert "/admin/accounts/user/" in page
    for unused in ("auth/group", "socialaccount", "mfa", "account/emailaddress"):
        assert f"/admin/{unused}" not in page
