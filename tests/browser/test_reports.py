"""The supervisor's pages in a real browser: nothing for axe to find, nothing cut off, all of it without JavaScript."""

import pytest

from contactcenter.accounts.models import Role, User
from contactcenter.intake.services import receive
from tests.factories import a_caller, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/wallboard/",
    "/desk/reports/",
    "/desk/staffing/",
    "/desk/staffing/?calls=x&handling=6&patience=&within=180&goal=85",
]


@pytest.fixture
def supervisor() -> User:
    return a_user(Role.SUPERVISOR)


@pytest.fixture
def page(live_site, browser_page, client, supervisor):
    """A supervisor's window."""
    client.force_login(supervisor)
    cookie = client.cookies["sessionid"]
    browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
    return browser_page


def test_axe_finds_nothing(page, live_site, axe):
    receive(a_caller())
    found = {}
    for address in PAGES:
        page.goto(live_site.url + address)
        found[address] = axe(page)

    assert {address: problems for address, problems in found.items() if problems} == {}


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_cut_off_at_any_width(page, live_site, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_site.url + address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_calculation_needs_no_javascript(page, live_site):
    page.route("**/*.js", lambda route: route.abort())
    page.goto(live_site.url + PAGES[2])
    page.get_by_label("Appels par heure").fill("30")
    page.get_by_role("button", name="Calculer").click()
    page.wait_for_url("**calls=30**")

    assert page.get_by_role("table").is_visible()
