"""Two agents at once: each sees at once that the other looks, writes, or means them, and no word of either is lost."""

import pytest
from django.test import Client

from contactcenter.desk import services
from contactcenter.outbox.models import Delivery
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Note
from tests.browser.conftest import log_in
from tests.factories import a_ticket, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_INTERVALS = "performance.now = () => 0"  # no time passes: nothing but a nudge makes the page read again


@pytest.fixture
def beside(sockets, live_site, browser, desk, agent):
    """The first agent's page, and a second agent's window; both on the same request."""
    agent.first_name = "Claire"
    agent.save()
    paul = a_user()
    paul.first_name, paul.username = "Paul", "paul"
    paul.save()
    context = browser.new_context(locale="fr-FR")
    log_in(context, live_site.url, Client(), paul)
    other = context.new_page()
    for page in (desk, other):
        page.set_default_timeout(60_000)
        page.add_init_script(NO_INTERVALS)
    yield desk, other, paul
    context.close()


def opened(page, address: str) -> None:
    page.goto(address)
    page.locator("body[data-live=live]").wait_for(state="attached")


def test_who_looks_comes_and_goes_at_once(beside, axe):
    claire, other, _paul = beside
    address = f"{claire.url}tickets/{a_ticket().reference}/"
    opened(claire, address)

    opened(other, address)
    claire.get_by_text("Regarde aussi\u00a0: Paul").wait_for()
    assert axe(claire) == []
    other.wait_for_load_state("networkidle")  # a reading under way would say once more that somebody looks
    other.goto("about:blank")

    claire.get_by_text("Regarde aussi").wait_for(state="detached")


def test_who_writes_is_seen_at_once_and_both_texts_are_kept(beside):
    claire, other, _paul = beside
    ticket = a_ticket()
    address = f"{claire.url}tickets/{ticket.reference}/"
    opened(claire, address)
    opened(other, address)
    claire.locator("#reply-text").fill("La réponse de Claire")
    other.get_by_text("Claire écrit une réponse en ce moment.").wait_for()

    other.locator("#reply-text").fill("Celle de Paul")
    other.keyboard.press("Control+Enter")
    other.get_by_text("La réponse part par courriel.").wait_for()
    claire.locator("#reply-text").press("Control+Enter")
    claire.get_by_role("alert").first.wait_for()

    assert Delivery.objects.get(purpose="reply").text == "Celle de Paul"
    assert claire.locator("#reply-text").input_value() == "La réponse de Claire"


def test_a_mention_is_on_its_colleague_s_page_at_once(beside):
    claire, other, _paul = beside
    ticket = a_ticket(subject="Titre prêt")
    opened(other, claire.url)

    services.note(ticket.reference, "@paul peux-tu regarder ?", principal_for(a_user()))

    other.get_by_text("peux-tu regarder").wait_for()
    assert Note.objects.count() == 1
