"""Which room is open to whom, the whole table, so that nobody gains or loses one unnoticed."""

import pytest
from django.test import Client

from contactcenter.accounts.models import ApiToken, Role, User
from tests import addresses
from tests.factories import a_user

pytestmark = pytest.mark.django_db
EVERYBODY = set(Role.values)
LEADERS = {Role.SUPERVISOR, Role.ADMINISTRATOR}
MAILROOM = LEADERS | {Role.CLERK, Role.AUDITOR}
NARROWER = {
    "admin/": {Role.ADMINISTRATOR},
    "desk/line/": LEADERS,
    "desk/phone/": EVERYBODY - {Role.AUDITOR},
    "desk/reports/": LEADERS | {Role.AUDITOR},
    "desk/staffing/": LEADERS,
    "desk/team/": LEADERS | {Role.AUDITOR},
    "mailroom/": MAILROOM,
    "mailroom/letters/": MAILROOM,
    "mailroom/places/": MAILROOM,
    "mailroom/upload/": MAILROOM,
}
ONLY_SENT = {  # what takes a form, and no more
    "api/v1/incidents",
    "api/v1/queue/next",
    "desk/incidents/open/",
    "desk/next/",
    "desk/phone/proved/",
    "desk/phone/sdk.js",
    "desk/phone/standing/",
    "desk/phone/token/",
    "desk/presence/",
    "mailroom/next/",
}


@pytest.fixture(autouse=True)
def _password_alone(settings) -> None:
    settings.CC_SECOND_FACTOR = ()


def somebody(role: str) -> tuple[User, Client]:
    """One without the mailroom's skill, who asks with a session and a token."""
    user = a_user(role, skills=("calls", "writing"))
    user.is_staff = user.is_superuser = role == Role.ADMINISTRATOR
    user.save()
    client = Client(headers={"authorization": f"Bearer {ApiToken.issue(user, 'test')}"})
    client.force_login(user)
    return user, client


def opened_to(client: Client) -> set[str]:
    paths = ("admin/", *addresses.rooms())
    return {path for path in paths if client.get(f"/{path}", {"q": "carte"}).status_code == 200}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_opens_its_rooms_and_no_other(role: str):
    _user, client = somebody(role)
    closed = {path for path, roles in NARROWER.items() if role not in roles}

    assert opened_to(client) == {"admin/", *addresses.rooms()} - ONLY_SENT - closed


@pytest.mark.parametrize("role", Role.values)
def test_to_who_left_nothing_opens_though_session_and_token_are_still_there(role: str):
    user, client = somebody(role)
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert opened_to(client) == set()


def test_an_agent_with_the_mailroom_s_skill_works_there():
    user, client = somebody(Role.AGENT)
    user.agent.skills.create(code="mailroom", label="Courrier")

    assert {path for path in opened_to(client) if path in NARROWER} == {"desk/phone/"} | {
        path for path in NARROWER if path.startswith("mailroom/")
    }
