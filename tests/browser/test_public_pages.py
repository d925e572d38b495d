"""The public pages in a real browser: for everybody, on any screen, with or without JavaScript, calm in the console."""

import re
from pathlib import Path

import pytest
from django.test import Client

from contactcenter.demo.seed import seed
from contactcenter.tickets.models import Ticket
from tests.factories import a_user, an_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(1280, 900), (640, 450), (390, 844), (320, 640)]  # 640 px is 1280 px at 200 %
PAGES = ["/", "/request/RENOUV/", "/request/other/", "/follow/", "/login/", "/demo/", "/demo/mailbox/"]
TYPED = {"text": "Ma carte est perdue.", "name": "Ana Exemple", "email": "ana@example.org"}


@pytest.fixture
def street(live_site, settings, tmp_path) -> str:
    """The demo's site, lived-in; yields its address."""
    settings.CC_DATA_DIR = tmp_path
    settings.CC_DEMO = True
    seed()
    return str(live_site.url)


def send_a_form(page, site: str, *files: Path) -> None:
    page.goto(f"{site}/request/DUPLICATA/")
    for name, value in TYPED.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=files]").set_input_files(list(files))
    page.get_by_role("button", name="Envoyer").click()
    page.locator("[data-reference]").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_public_page(street, browser_page, axe, console, scheme, tmp_path):
    browser_page.emulate_media(color_scheme=scheme)
    found = {}
    for path in PAGES:
        browser_page.goto(street + path)
        found[path] = axe(browser_page)
    empty = tmp_path / "vide.pdf"
    empty.touch()
    send_a_form(browser_page, street, empty)
    found["confirmation"] = axe(browser_page)
    follow_it(browser_page, street)
    found["status"] = axe(browser_page)
    browser_page.goto(f"{street}/verify/{Ticket.objects.latest('pk').receipts.get().code}/")
    found["verify"] = axe(browser_page)

    assert {page: problems for page, problems in found.items() if problems} == {}
    assert console == []


def follow_it(page, site: str) -> None:
    ticket = Ticket.objects.latest("pk")
    page.goto(f"{site}/follow/")
    page.locator("[name=reference]").fill(ticket.reference)
    page.locator("[name=code]").fill(ticket.follow_code)
    page.get_by_role("button", name="Voir où elle en est").click()
    page.locator("[data-state=new]").wait_for()


def test_axe_finds_nothing_where_something_went_wrong(street, browser_page, axe):
    browser_page.goto(f"{street}/request/other/")
    browser_page.get_by_role("button", name="Envoyer").click()
    browser_page.get_by_role("alert").wait_for()
    found = {"form": axe(browser_page)}
    for path in ("/nothing/", "/request/NOTHING/", "/verify/1/"):
        browser_page.goto(street + path)
        found[path] = axe(browser_page)

    assert {page: problems for page, problems in found.items() if problems} == {}


def test_nothing_is_wider_than_the_screen(street, browser_page, tmp_path):
    named = tmp_path / ("Unmotsansespacequinefinitpas" * 4 + ".txt")
    named.write_text("recto")
    wide = []
    for width, height in SCREENS:
        browser_page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            browser_page.goto(street + path)
            wide += [(path, width)] if is_wider(browser_page, width) else []
        send_a_form(browser_page, street, named)
        wide += [("confirmation", width)] if is_wider(browser_page, width) else []

    assert wide == []


def is_wider(page, width: int) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") > width


def test_what_can_be_pressed_is_large_enough_for_a_thumb(street, browser_page):
    browser_page.set_viewport_size({"width": 390, "height": 844})
    small = []
    for path in ("/", "/request/RENOUV/", "/follow/", "/login/"):
        browser_page.goto(street + path)
        heights = browser_page.evaluate(
            "[...document.querySelectorAll('button, input:not([type=hidden]), .button, .topics a, nav a')]"
            ".map(one => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])"
        )
        small += [(path, what, height) for what, height in heights if height < 44]

    assert small == []


def test_everything_works_without_javascript(street, browser):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(street)
    page.get_by_role("link", name="Carte perdue ou volée").click()
    page.locator("[name=text]").fill(TYPED["text"])
    page.get_by_role("button", name="Envoyer").click()

    reference = page.locator("[data-reference]").get_attribute("data-reference")
    code = page.locator("[data-code]").get_attribute("data-code")
    context.close()
    assert Ticket.objects.get(reference=reference).follow_code == code


def test_everything_works_by_keyboard_alone(street, browser_page):
    browser_page.goto(f"{street}/request/other/")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.className") == "skip"
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.type(TYPED["text"])
    for _field in ("name", "email", "phone", "address", "files", "send"):
        browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")

    browser_page.locator("[data-reference]").wait_for()
    assert Ticket.objects.latest("pk").interactions.get().text == TYPED["text"]


def test_a_double_click_is_one_request(street, browser_page):
    before = Ticket.objects.count()
    browser_page.goto(f"{street}/request/other/")
    browser_page.locator("[name=text]").fill(TYPED["text"])

    browser_page.get_by_role("button", name="Envoyer").dblclick()
    browser_page.locator("[data-reference]").wait_for()

    assert Ticket.objects.count() == before + 1


def test_the_receipt_prints_without_what_is_only_for_the_screen(street, browser_page):
    send_a_form(browser_page, street)
    browser_page.emulate_media(media="print")

    ticket = Ticket.objects.latest("pk")
    assert not browser_page.get_by_role("link", name="Imprimer ce reçu").is_visible()
    assert not browser_page.get_by_role("navigation").is_visible()
    shown = re.sub(r"\s", "", browser_page.locator(".receipt-numbers").inner_text())
    assert ticket.reference in shown
    assert ticket.follow_code in shown


def test_the_language_is_chosen_by_links_and_stays(street, browser_page):
    browser_page.goto(street)
    browser_page.get_by_role("link", name="English").click()
    browser_page.goto(f"{street}/follow/")

    assert browser_page.get_by_role("heading", name="Follow a request").is_visible()
    assert browser_page.locator("html").get_attribute("lang") == "en"


def test_whoever_answers_logs_in_with_name_and_password(live_site, browser_page, console):
    an_office()
    user = a_user()
    browser_page.goto(f"{live_site.url}/login/?next=/desk/")

    browser_page.locator("[name=username]").fill(user.username)
    browser_page.locator("[name=password]").fill("pass")
    browser_page.get_by_role("button", name="Se connecter", exact=True).click()
    browser_page.wait_for_url("**/desk/")

    assert not [line for line in console if "WebSocket" not in line]


def test_the_demo_page_exists_in_the_demo_alone(street, settings):
    settings.CC_DEMO = False

    assert Client().get("/demo/").status_code == 404
