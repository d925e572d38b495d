"""One's own account, in a real browser: codes, passkeys by a real ceremony, calm at any width, in both languages."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from contactcenter.accounts.models import User
from tests.accounts.codes import code_of
from tests.factories import a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def user() -> User:
    return a_user()


@pytest.fixture
def open_page(live_site: Any, browser_page: Any) -> Callable[[str], Any]:
    """Opens a page of the site by its name, since a passkey belongs to a name."""

    def opened(path: str) -> Any:
        browser_page.goto(live_site.url.replace("127.0.0.1", "localhost") + path)
        return browser_page

    return opened


@pytest.fixture
def security_key(browser_page: Any) -> Any:
    """A key that lies in this computer and knows its holder's finger."""
    session = browser_page.context.new_cdp_session(browser_page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    def verified(yes: bool) -> None:
        session.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": yes})

    return verified


def log_in(page: Any, user: User) -> None:
    page.locator("#id_username").fill(user.username)
    page.locator("#id_password").fill("pass")
    page.get_by_role("button", name="Se connecter", exact=True).click()


def log_out(page: Any) -> None:
    page.locator(".menu.is-end summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    is_at(page, "/")


def is_at(page: Any, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def add_a_passkey(page: Any, name: str = "Téléphone") -> None:
    page.get_by_label("Son nom").fill(name)
    page.get_by_role("button", name="Ajouter une clé d'accès").click()
    is_at(page, "/account/recovery/")


def test_a_passkey_is_added_and_signs_in_by_itself(open_page, user, security_key, console):
    page = open_page("/login/?next=/account/passkeys/add/")
    log_in(page, user)
    add_a_passkey(page)
    log_out(page)

    open_page("/login/?next=/account/recovery/new/").get_by_role("button", name="clé d'accès").click()

    is_at(page, "/account/recovery/new/")
    assert Authenticator.objects.get(type="webauthn").last_used_at
    assert console == []


def test_a_passkey_is_the_second_factor_after_a_password(open_page, user, security_key):
    page = open_page("/login/?next=/account/passkeys/add/")
    log_in(page, user)
    add_a_passkey(page)
    log_out(page)
    log_in(open_page("/login/"), user)
    is_at(page, "/login/code/")

    page.get_by_role("button", name="Utiliser une clé d'accès").click()

    is_at(page, "/desk/")


def test_a_key_that_does_not_know_its_holder_opens_nothing(open_page, user, security_key):
    page = open_page("/login/?next=/account/passkeys/add/")
    log_in(page, user)
    add_a_passkey(page)
    log_out(page)
    security_key(False)

    open_page("/login/").get_by_role("button", name="clé d'accès").click()

    page.get_by_text("Aucune clé d'accès n'a servi").wait_for()
    assert "/login/" in page.url


def test_a_passkey_of_who_left_is_told_to_be_closed(open_page, user, security_key):
    page = open_page("/login/?next=/account/passkeys/add/")
    log_in(page, user)
    add_a_passkey(page)
    log_out(page)
    User.objects.update(is_active=False)

    open_page("/login/").get_by_role("button", name="clé d'accès").click()

    page.get_by_text("Ce compte est fermé").wait_for()


def test_a_passkey_is_renamed_and_removed(open_page, user, security_key):
    page = open_page("/login/?next=/account/passkeys/add/")
    log_in(page, user)
    add_a_passkey(page, "Clé <b>bleue</b>")
    open_page("/account/").get_by_role("link", name="Renommer Clé <b>bleue</b>").click()
    page.get_by_label("Son nom").fill("Clé verte")
    page.get_by_role("button", name="Garder ce nom").click()

    page.get_by_role("link", name="Retirer Clé verte").click()
    page.get_by_role("button", name="Retirer").click()

    page.get_by_text("La clé d'accès est retirée").wait_for()
    assert not Authenticator.objects.exists()


def test_by_a_number_the_page_says_why_there_are_no_passkeys(live_site, browser_page):
    browser_page.goto(live_site.url.replace("localhost", "127.0.0.1") + "/login/")

    browser_page.get_by_text("ouvrez cette page par son nom").wait_for()
    assert not browser_page.get_by_role("button", name="clé d'accès").is_visible()


def test_without_javascript_codes_work_and_passkeys_say_what_they_need(browser, live_site, user):
    page = browser.new_context(locale="fr-FR", java_script_enabled=False).new_page()
    page.goto(live_site.url + "/login/?next=/account/codes/add/")
    assert page.get_by_text("Les clés d'accès ont besoin de JavaScript").is_visible()
    log_in(page, user)

    secret = page.get_by_label("Clé", exact=True).input_value()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="C'est fait").click()
    log_out(page)
    page.goto(live_site.url + "/login/")
    log_in(page, user)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Se connecter").click()

    is_at(page, "/desk/")
    page.context.close()


@pytest.mark.parametrize("width", [1280, 400, 320])
def test_each_page_is_whole_at_any_width_and_in_both_languages(open_page, user, security_key, axe, console, width: int):
    page = open_page("/login/?next=/account/passkeys/add/")
    page.set_viewport_size({"width": width, "height": 800})
    seen = [axe(page)]
    log_in(page, user)
    seen.append(axe(page))
    add_a_passkey(page)
    for path in ("recovery", "recovery/new", "", "codes/add", "again", "again/code", "again/passkey"):
        for language in ("en", "fr"):
            open_page(f"/account/{path}/?lang={language}".replace("//", "/"))
            seen.append(axe(page))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    for link in page.goto(page.url.partition("/account/")[0] + "/account/") and ("Renommer", "Retirer"):
        open_page("/account/").get_by_role("link", name=link).click()
        seen.append(axe(page))
    log_out(page)
    log_in(open_page("/login/"), user)
    is_at(page, "/login/code/")
    seen.append(axe(page))

    assert [problem for problems in seen for problem in problems] == []
    assert console == []


def test_the_door_with_single_sign_on_is_whole_and_its_button_comes_first(open_page, settings, axe, console):
    settings.CC_OIDC_ISSUER, settings.CC_OIDC_CLIENT_ID, settings.CC_OIDC_CLIENT_SECRET = (
        "https://sso.example",
        "a",
        "b",
    )
    page = open_page("/login/?next=/wallboard/")

    assert page.get_by_role("link", name="Se connecter avec sso.example").get_attribute("href").endswith("/wallboard/")
    assert axe(page) == []
    assert console == []
