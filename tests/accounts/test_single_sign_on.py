"""Signing in at the organisation's own provider: it opens an account that exists, and makes or grants nothing."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from contactcenter import doctor
from contactcenter.accounts import checkup
from contactcenter.accounts.models import Role, User
from tests.accounts.codes import code_of, with_codes
from tests.accounts.provider import CLIENT, SECRET, Provider, serve
from tests.factories import a_user

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    made = Provider(claims={"email": "ines@valmorin.example", "email_verified": True})
    server = serve(made)
    settings.CC_OIDC_ISSUER, settings.CC_OIDC_CLIENT_ID, settings.CC_OIDC_CLIENT_SECRET = made.issuer, CLIENT, SECRET
    settings.CC_OIDC_NAME = "Annuaire de Valmorin"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def ines() -> User:
    user = a_user()
    User.objects.filter(pk=user.pk).update(email="Ines@Valmorin.example")
    return user


def go(client: Client, wanted: str = "") -> Any:
    """From the door to the provider and back, as a browser goes."""
    left = client.get("/login/sso/", {"next": wanted} if wanted else {})
    assert left.status_code == 302
    back = requests.get(left["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.partition("testserver")[2], headers=ENGLISH)


def sentence(client: Client) -> str:
    """What the door says."""
    return client.get("/login/", headers=ENGLISH).content.decode()


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_verified_address_opens_the_account_that_has_it(client: Client, provider: Provider, ines: User):
    entered = go(client, "/wallboard/")

    assert entered["Location"] == "/wallboard/"
    assert client.session["_auth_user_id"] == str(ines.pk)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_pages_are_in_the_language_entered_for_them(client: Client, provider: Provider, ines: User):
    User.objects.filter(pk=ines.pk).update(language="en")

    go(client)

    assert '<html lang="en"' in client.get("/desk/", headers={"Accept-Language": "fr"}).content.decode()


def test_the_door_names_the_provider_and_keeps_where_one_wanted_to_go(client: Client, provider: Provider):
    page = client.get("/login/?next=/wallboard/", headers=ENGLISH).content.decode()

    assert "Log in with Annuaire de Valmorin" in page
    assert 'href="/login/sso/?next=/wallboard/"' in page


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/desk/next/"])
def test_it_leads_nowhere_but_to_a_page(client: Client, provider: Provider, ines: User, wanted: str):
    assert go(client, wanted)["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"email_verified": False}, "Annuaire de Valmorin has not verified your address"),
        ({"email_verified": None}, "Annuaire de Valmorin has not verified your address"),
        ({"email": ""}, "does not say who you are (email)"),
        ({"email": "other@valmorin.example"}, "No open account here has “other@valmorin.example” alone"),
        ({"email": "<b>@x.example"}, "No open account here has “&lt;b&gt;@x.example” alone"),
    ],
)
def test_who_is_not_known_is_told_what_to_do(
    client: Client, provider: Provider, ines: User, told: dict[str, object], said: str
):
    provider.claims |= told

    refused = go(client)

    assert refused["Location"] == "/login/"
    assert said in sentence(client)
    assert not is_in(client)
    assert User.objects.count() == 1


def test_two_accounts_with_one_address_open_neither(client: Client, provider: Provider, ines: User):
    User.objects.filter(pk=a_user().pk).update(email="ines@valmorin.example")

    go(client)

    assert not is_in(client)


def test_a_closed_account_stays_closed(client: Client, provider: Provider, ines: User):
    User.objects.update(is_active=False)

    go(client)

    assert not is_in(client)
    assert "No open account here" in sentence(client)


def test_no_right_comes_with_it(client: Client, provider: Provider, ines: User):
    provider.claims |= {"groups": ["admin"], "role": "administrator", "is_staff": True, "is_superuser": True}

    go(client)

    ines.refresh_from_db()
    assert (ines.role, ines.is_staff, ines.is_superuser) == (Role.AGENT, False, False)
    assert client.get("/admin/", follow=True).status_code == 403


def test_another_claim_names_the_user(client: Client, provider: Provider, ines: User, settings: Settings):
    settings.CC_OIDC_CLAIM = "preferred_username"
    provider.claims = {"preferred_username": ines.username.upper()}

    go(client)

    assert client.session["_auth_user_id"] == str(ines.pk)


def test_our_own_second_factor_is_asked_for_as_well(client: Client, provider: Provider, ines: User):
    secret = with_codes(client, ines)

    asked = go(client, "/wallboard/")

    assert (asked["Location"], is_in(client)) == ("/login/code/", False)
    assert client.post("/login/code/", {"code": code_of(secret)})["Location"] == "/wallboard/"


def test_who_gives_up_at_the_provider_comes_back_to_the_door(client: Client, provider: Provider):
    provider.refuses = "access_denied"

    assert go(client)["Location"] == "/login/"
    assert "was not finished. Try again, or use your password" in sentence(client)


def test_a_silent_provider_is_told(client: Client, settings: Settings):
    settings.CC_OIDC_ISSUER, settings.CC_OIDC_CLIENT_ID, settings.CC_OIDC_CLIENT_SECRET = "http://127.0.0.1:1", "a", "b"

    assert client.get("/login/sso/", headers=ENGLISH)["Location"] == "/login/"
    assert "127.0.0.1 does not answer. Use your password" in sentence(client)


def test_a_provider_that_changes_its_mind_about_who_it_is_is_refused(client: Client, provider: Provider, ines: User):
    provider.userinfo = {"sub": "8"}

    go(client)

    assert not is_in(client)
    assert "spoke of two people at once" in sentence(client)


@pytest.mark.parametrize("claims", [{"aud": "another-client"}, {"iss": "https://elsewhere.example"}, {"exp": 1}])
def test_a_token_that_is_not_for_us_opens_nothing(client: Client, provider: Provider, ines: User, claims: Any):
    provider.claims |= claims

    go(client)

    assert not is_in(client)


def test_an_answer_that_nobody_asked_for_opens_nothing(client: Client, provider: Provider, ines: User):
    left = Client().get("/login/sso/")
    back = requests.get(left["Location"], allow_redirects=False, timeout=5).headers["Location"]

    client.get(back.partition("testserver")[2])

    assert not is_in(client)


def test_an_answer_counts_once(client: Client, provider: Provider, ines: User):
    left = client.get("/login/sso/")
    back = requests.get(left["Location"], allow_redirects=False, timeout=5).headers["Location"]
    client.get(back.partition("testserver")[2])
    client.post("/logout/")

    client.get(back.partition("testserver")[2])

    assert not is_in(client)


def test_without_a_provider_there_is_no_such_door(client: Client):
    assert client.get("/login/sso/").status_code == 404
    assert client.get("/login/sso/back/?code=1&state=2").status_code == 404
    assert "/login/sso/" not in client.get("/login/").content.decode()


def test_the_doctor_names_what_is_missing(settings: Settings):
    settings.CC_OIDC_ISSUER = "https://sso.example"

    said = [finding.text for finding in checkup.provider()]

    assert said == [
        "Single sign-on is half configured and stays off: CC_OIDC_CLIENT_ID, CC_OIDC_CLIENT_SECRET must be set too."
    ]


def test_the_doctor_is_asked_about_it(settings: Settings):
    settings.CC_OIDC_ISSUER = "https://sso.example"
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)

    assert "wrong  Single sign-on is half configured" in said.getvalue()


def test_the_doctor_asks_the_provider(provider: Provider, settings: Settings):
    assert [finding.verdict for finding in checkup.provider()] == [doctor.Verdict.OK]
    provider.issuer += "/other"

    assert "calls itself" in next(checkup.provider()).text


def test_without_single_sign_on_the_doctor_says_nothing_of_it():
    assert list(checkup.provider()) == []
