"""The mailroom in a real browser: keys, pictures, and nothing that axe or the console would complain about."""

import pytest
from django.test import Client

from paper_intake.models import Scan
from paper_intake.read import read_scan
from tests.factories import a_user
from tests.paper_intake import papers

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True, scope="module")
def _beside_an_event_loop():
    """Playwright's loop runs in this thread; the database is set up and emptied in it as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def mailroom(live_site, browser_page, inbox, after):
    """A clerk's browser before a mailroom with three letters, one of them broken."""
    papers.written(inbox.folder, "lettre.pdf", papers.scanned_pdf())
    papers.written(inbox.folder, "deux-pages.tif", papers.tiff("Première page du courrier", "Deuxième page"))
    papers.written(inbox.folder, "secret.pdf", papers.locked_pdf())
    after()
    for scan in Scan.objects.all():
        read_scan(scan.pk)
    client = Client()
    client.force_login(a_user(role="clerk"))
    browser_page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}]
    )
    browser_page.home = f"{live_site.url}/mailroom/"
    return browser_page


def test_every_page_of_the_mailroom_is_sound_for_everybody(mailroom, axe, console):
    broken = Scan.objects.get(name="secret.pdf").pk
    whole = Scan.objects.get(name="deux-pages.tif").pk

    for path in ("", "upload/", "letters/", "places/", "places/?q=12", f"scans/{whole}/", f"scans/{broken}/"):
        mailroom.goto(mailroom.home + path)
        assert axe(mailroom) == [], path
    assert console == []


def test_a_clerk_checks_a_letter_with_the_keyboard(mailroom, axe, console):
    mailroom.goto(mailroom.home)
    mailroom.keyboard.press("n")
    mailroom.wait_for_url("**/mailroom/scans/*/")
    mailroom.get_by_label("Objet").fill("Renouvellement")
    mailroom.get_by_label("Téléphone, s'il est écrit").fill("12")
    mailroom.keyboard.press("Control+Enter")

    mailroom.get_by_text("Ce ne peut pas être un numéro de téléphone.").wait_for()
    assert mailroom.get_by_label("Objet").input_value() == "Renouvellement"
    assert axe(mailroom) == []

    mailroom.get_by_label("Téléphone, s'il est écrit").fill("")
    mailroom.keyboard.press("Control+Enter")
    mailroom.get_by_text("attend sa réponse").wait_for()
    assert [line for line in console if "422" not in line] == []


def test_pages_are_turned_and_switched_by_key_and_letters_typed_are_letters(mailroom, console):
    mailroom.goto(f"{mailroom.home}scans/{Scan.objects.get(name='deux-pages.tif').pk}/")
    current = mailroom.locator("[data-page-link][aria-current]")

    mailroom.keyboard.press("j")
    assert current.get_attribute("data-page-link") == "2"
    mailroom.keyboard.press("r")
    assert "is-turned-1" in mailroom.locator("#page-2").get_attribute("class")
    mailroom.get_by_label("Objet").fill("")
    mailroom.get_by_label("Objet").type("jkr")
    assert mailroom.get_by_label("Objet").input_value() == "jkr"
    assert "is-turned-2" not in mailroom.locator("#page-2").get_attribute("class")
    assert console == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_window(mailroom, width):
    mailroom.set_viewport_size({"width": width, "height": 700})
    for path in ("", "upload/", "places/", f"scans/{Scan.objects.get(name='lettre.pdf').pk}/"):
        mailroom.goto(mailroom.home + path)
        assert mailroom.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
