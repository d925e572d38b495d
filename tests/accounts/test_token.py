"""A token acts for its user, and is kept by nobody but its holder."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from contactcenter.accounts.models import ApiToken
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
