"""Offers, the team, incidents, search, decisions: reached by keyboard, calm, and without a fault that axe knows."""

import pytest

from contactcenter.accounts.models import Role, User
from contactcenter.desk.incidents import open_incident
from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Presence, WorkItem
from contactcenter.search.gathering import gather
from tests.factories import a_caller, a_ticket, a_user, an_agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_as(sockets, live_site, browser_page, client):
    """A function that opens a page as somebody."""

    def opened(user: User, path: str = "/desk/"):
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
        browser_page.goto(live_site.url + path)
        return browser_page

    return opened


def test_an_offer_comes_by_itself_and_is_accepted_with_a_key(open_as, axe, console):
    user = a_user()
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=f"agent:{user.agent.pk}")
    page = open_as(user)
    page.locator("body[data-live=live]").wait_for(state="attached")
    ticket = receive(a_caller())

    dispatch()
    page.locator(".offer").wait_for(timeout=20_000)
    assert axe(page) == []
    page.keyboard.press("a")

    page.wait_for_url(f"**/desk/tickets/{ticket.reference}/")
    assert WorkItem.objects.get().state == "assigned"
    assert console == []


@pytest.mark.parametrize(
    "path", ["/desk/team/", "/desk/phone/", "/desk/incidents/", "/desk/search/?q=carte", "/desk/search/?q=%26"]
)
@pytest.mark.parametrize("width", [1280, 400])
def test_each_page_is_whole_at_any_width(open_as, axe, console, path: str, width: int):
    a_ticket(text="Ma carte")
    gather()
    open_incident("Le paiement échoue", "Payez au guichet.", an_agent())
    page = open_as(a_user(Role.SUPERVISOR), path)
    page.set_viewport_size({"width": width, "height": 800})

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert console == []


@pytest.mark.parametrize("key", ["e", "i", "m"])
def test_decision_incident_and_joining_open_with_their_key(open_as, axe, console, key: str):
    open_incident("Le paiement échoue", "", an_agent())
    page = open_as(a_user(), f"/desk/tickets/{a_ticket().reference}/")

    page.keyboard.press(key)

    page.locator("details[data-action][open]").wait_for()
    assert axe(page) == []
    assert console == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_a_supervisor_does_with_a_request_stands_on_one_line(open_as, language: str):
    page = open_as(a_user(Role.SUPERVISOR), f"/desk/tickets/{a_ticket().reference}/?lang={language}")
    page.set_viewport_size({"width": 1280, "height": 800})

    tops = page.evaluate("[...document.querySelectorAll('.ticket-actions > *')].map((one) => one.offsetTop)")

    assert len(tops) > 5
    assert len(set(tops)) == 1


def test_what_is_rarely_done_is_a_key_away_and_escape_leaves_it_whole(open_as, axe):
    page = open_as(a_user(Role.SUPERVISOR), f"/desk/tickets/{a_ticket().reference}/")
    more, hands = page.locator(".more > summary"), page.locator("[data-does=reassign]")

    page.keyboard.press("g")
    page.keyboard.press("x")
    hands.wait_for()
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert not hands.is_visible()
    page.keyboard.press(">")
    assert page.evaluate("document.activeElement.id").startswith("reassign-")
    page.keyboard.press("Escape")

    assert not hands.is_visible()
    assert more.evaluate("one => one === document.activeElement")


def test_a_request_is_linked_to_an_incident_in_one_key_and_enter(open_as):
    incident = open_incident("Le paiement échoue", "", an_agent())
    page = open_as(a_user(), f"/desk/tickets/{a_ticket().reference}/")

    page.keyboard.press("i")
    page.get_by_role("button", name=incident.number).press("Enter")

    page.get_by_text(f"Relié à l'incident {incident.number}").wait_for()
    assert incident.links.count() == 1
