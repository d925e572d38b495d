"""A token acts for its user, and is kept by nobody but its holder."""

import re
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client

from contactcenter.accounts.models import ApiToken, User
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


def test_a_token_sees_what_its_user_sees(client: Client):
    ours, theirs = a_ticket(), a_ticket(office=an_office("elsewhere"))
    said = StringIO()
    call_command("token", a_user().username, stdout=said)
    headers = {"Authorization": f"Bearer {said.getvalue().strip()}"}

    assert client.get(f"/api/v1/tickets/{ours.reference}", headers=headers).status_code == 200
    assert client.get(f"/api/v1/tickets/{theirs.reference}", headers=headers).status_code == 404
    assert said.getvalue().strip() not in str(list(ApiToken.objects.values()))


def test_nobody_s_token_is_refused_with_a_sentence():
    with pytest.raises(CommandError, match="no active user"):
        call_command("token", "nobody")


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.create_superuser(username="chief", password="x", role="administrator"))
    return client


def test_a_token_is_made_on_the_page_and_shown_once(admin: Client):
    user = a_user()

    shown = admin.post("/admin/accounts/apitoken/add/", {"user": user.pk, "name": "Tableau de bord"}).content.decode()

    token = re.search(r'id="token"[^>]* value="([^"]+)"', shown)
    assert token
    asked = Client().get("/api/v1/me/presence", headers={"Authorization": f"Bearer {token[1]}"})
    assert asked.status_code == 200
    made = ApiToken.objects.get()
    for page in ("", f"{made.pk}/change/"):
        assert token[1] not in admin.get(f"/admin/accounts/apitoken/{page}").content.decode()
    assert token[1] not in str(admin.session.items())


def test_a_token_is_revoked_on_the_page_and_its_history_stays(admin: Client):
    token = ApiToken.issue(a_user(), "old")
    made = ApiToken.objects.get()

    admin.post("/admin/accounts/apitoken/", {"action": "revoke", "_selected_action": [made.pk]})

    asked = Client().get("/api/v1/me/presence", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 401
    assert admin.post(f"/admin/accounts/apitoken/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    assert LogEntry.objects.get(object_id=str(made.pk)).change_message == "Révoqué."


def test_a_token_s_user_is_not_changed_afterwards(admin: Client):
    ApiToken.issue(a_user(), "old")
    made, other = ApiToken.objects.get(), a_user()

    admin.post(f"/admin/accounts/apitoken/{made.pk}/change/", {"user": other.pk, "name": "new"})

    assert list(ApiToken.objects.values_list("user", "name")) == [(made.user_id, "new")]


def test_nobody_who_left_gets_a_token(admin: Client):
    user = a_user()
    User.objects.filter(pk=user.pk).update(is_active=False)

    admin.post("/admin/accounts/apitoken/add/", {"user": user.pk, "name": "late"})

    assert not ApiToken.objects.exists()
