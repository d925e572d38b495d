"""What a screen reader is told at five main tasks: the next, the answer, an offer, a search, a fault."""

import re

import pytest

from contactcenter.accounts.models import User
from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Presence
from contactcenter.search.gathering import gather
from tests.factories import a_caller, a_ticket, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> User:
    return a_user()


@pytest.fixture
def open_at(sockets, live_site, browser_page, client, agent):
    """A function that opens one of the agent's pages."""

    def opened(path: str):
        client.force_login(agent)
        cookie = client.cookies["sessionid"]
        browser_page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_site.url}])
        browser_page.goto(live_site.url + path)
        return browser_page

    return opened


def told(locator) -> str:
    """The snapshot with what changes from run to run taken out."""
    text = re.sub(r"\d[\d  .,:]*\d|\d", "0", locator.aria_snapshot().replace("\u00a0", " "))
    return "\n".join(line.rstrip() for line in text.splitlines())


def has(snapshot: str, *wanted: str) -> None:
    missing = [line for line in wanted if line not in snapshot]
    assert not missing, f"{missing} not in\n{snapshot}"


def test_the_queue_and_its_next(open_at):
    a_ticket(subject="Carte perdue")
    snapshot = told(open_at("/desk/").locator(".desk-queue"))

    has(
        snapshot,
        '- heading "La file" [level=0]',
        '- button "Prendre le suivant N"',
        'list "En attente, le plus en retard',
    )
    assert re.search(r'- button ".*Ana Exemple.*Carte perdue', snapshot)


def test_the_answer(open_at):
    snapshot = told(open_at(f"/desk/tickets/{a_ticket().reference}/").locator("form.reply"))

    has(snapshot, '- textbox "Votre réponse"', "- group", '- radio "courriel', '- button "Envoyer Ctrl')


def test_an_offer(open_at, agent):
    presence.set_presence(agent.agent.pk, Presence.AVAILABLE, actor=f"agent:{agent.agent.pk}")
    receive(a_caller())
    dispatch()
    snapshot = told(open_at("/desk/").locator("#offers"))

    has(snapshot, '- region "Appel pour vous"', '- button "Laisser X"')
    assert re.search(r'- button "Appel pour vous .* Accepter A"', snapshot)


def test_the_search(open_at):
    a_ticket(text="Ma carte", subject="Carte perdue")
    gather()
    snapshot = told(open_at("/desk/search/?q=carte").locator("main"))

    has(snapshot, '- heading "Rechercher" [level=0]', "- search:", '- link "Carte perdue"', '- button "Rechercher"')


def test_a_fault_is_told(open_at):
    snapshot = told(open_at("/desk/incidents/").locator("main"))

    has(
        snapshot,
        '- heading "Incidents" [level=0]',
        '- textbox "Ce qui ne marche pas"',
        '- button "Ouvrir"',
        '- heading "Ouvrir un incident" [level=0]',
    )
