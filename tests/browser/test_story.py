"""The ticket's page in a real browser: what stands beside the story is marked by keyboard, and axe finds nothing."""

import pytest

from contactcenter.accounts.models import User
from contactcenter.channel import Point, Speaker
from contactcenter.desk import linking, services, tagging
from contactcenter.desk.pieces import mark
from contactcenter.outbox.models import Delivery
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.factories import WEEK, a_ticket, a_user, an_agent, an_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> User:
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    return a_user()


@pytest.fixture
def opened(sockets, live_site, browser_page, client, agent):
    """A function that opens a ticket as the agent."""

    def at(ticket: Ticket):
        client.force_login(agent)
        cookie = client.cookies["sessionid"]
        browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
        browser_page.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
        return browser_page

    return at


def test_a_document_is_marked_as_held_by_keyboard_alone(opened, console):
    page = opened(a_ticket(procedure="DUPLICATA"))

    page.keyboard.press("b")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Noté\u00a0: reçu.").wait_for()

    assert page.get_by_role("button", name="Justificatif de domicile récent").get_attribute("aria-pressed") == "true"
    assert console == []


def test_what_a_colleague_marks_shows_without_reloading(opened, agent):
    ticket = a_ticket(procedure="DUPLICATA")
    page = opened(ticket)
    page.locator("body[data-live=live]").wait_for(state="attached")

    mark(ticket.reference, "photo", principal_for(agent), held=True)

    page.locator("#piece-photo [aria-pressed=true]").wait_for(timeout=30_000)


def test_an_answer_is_seen_and_sent_by_keyboard_alone(opened, console):
    page = opened(a_ticket())

    page.keyboard.press("r")
    page.keyboard.type("Venez jeudi à 10 h.")
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    page.get_by_role("heading", name="Comme la personne le recevra").wait_for()
    seen = page.locator(".preview-text").inner_text()
    page.keyboard.press("Enter")
    page.get_by_text("La réponse part par courriel.").wait_for()

    assert Delivery.objects.get(purpose="reply").text == seen == "Venez jeudi à 10 h."
    assert console == []


def test_after_a_look_one_goes_on_writing_what_one_wrote(opened):
    page = opened(a_ticket())
    page.locator("#reply-text").fill("Venez jeudi")
    page.get_by_role("button", name="aperçu").click()

    assert page.locator("#reply-text").input_value() == "Venez jeudi"
    page.locator("#reply-text").fill("Venez vendredi")
    page.get_by_role("button", name="aperçu").click()
    page.get_by_text("Venez vendredi").first.wait_for()


def test_axe_finds_nothing_on_a_letter_that_is_shown(opened, axe, console):
    ana = Speaker(name="Ana", points=(Point(kind="address", value="1 rue X\n99000 Valmorin"),))
    page = opened(a_ticket(channel="paper", speaker=ana))
    page.locator("#reply-text").fill("Venez jeudi")
    page.get_by_role("button", name="aperçu").click()
    page.get_by_alt_text("Page 1 de la lettre").wait_for()

    assert axe(page) == []
    assert console == []


def test_a_tag_and_a_link_are_made_by_keyboard_alone(opened, console):
    ticket, other = a_ticket(), a_ticket(subject="Même famille", speaker=Speaker(name="Bilal"))
    page = opened(ticket)

    page.keyboard.press("#")
    page.keyboard.type("presse")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Étiquette posée.").wait_for()
    page.keyboard.press("=")
    page.keyboard.type(other.reference)
    page.keyboard.press("Tab")
    page.keyboard.type("famille")
    page.keyboard.press("Control+Enter")
    page.get_by_text("les deux le montrent").wait_for()

    assert page.get_by_role("link", name="presse").is_visible()
    assert page.get_by_role("link", name="Même famille").is_visible()
    assert console == []


def test_axe_finds_nothing_where_colleagues_mean_me_and_on_tags_and_links(opened, axe, agent):
    ticket, other = a_ticket(), a_ticket(speaker=Speaker(name="Bilal"))
    colleague = an_agent()
    tagging.tag(ticket.reference, "presse", colleague)
    linking.link(ticket.reference, other.reference, "famille", colleague)
    services.note(other.reference, f"@{agent.username} regarde", colleague)
    page = opened(ticket)
    page.get_by_text("Des collègues vous demandent de regarder").wait_for()
    found = {"mentions": axe(page)}
    for key in ("#", "="):
        page.keyboard.press(key)
        found[key] = axe(page)
        page.keyboard.press("Escape")

    assert {name: problems for name, problems in found.items() if problems} == {}


def test_axe_finds_nothing_beside_the_story(opened, axe):
    page = opened(a_ticket(procedure="DUPLICATA"))
    found = {"documents": axe(page)}
    page.keyboard.press("k")
    page.select_option("#prove-kind", "passport")
    page.get_by_role("button", name="Noter", exact=True).click()
    page.get_by_text("Noté\u00a0: passeport vu.").wait_for()
    page.keyboard.press("k")
    found["identity"] = axe(page)

    assert {name: problems for name, problems in found.items() if problems} == {}
