"""A person is called now from their ticket's page in a real browser: one key, and the conversation begins."""

import pytest

from contactcenter.accounts.models import User
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Leg
from tests.ivr.conftest import Line, line  # noqa: F401  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talkative(monkeypatch) -> None:
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)


def test_one_key_calls_the_agent_then_the_person_and_the_conversation_is_led_from_the_page(
    line: Line,  # noqa: F811
    talkative,
    desk,
    live_site,
    agent: User,
    axe,
    console,
):
    line.call("153", message="Rappelez-moi").join_end()
    ticket = Ticket.objects.get()
    desk.goto(f"{live_site.url}/desk/tickets/{ticket.reference}/")
    desk.locator("body[data-live=live]").wait_for(state="attached")
    desk.locator("#call-now").wait_for()

    desk.keyboard.press("0")

    desk.locator("#live-call").wait_for()
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    desk.locator("#live-call", has_text="en conversation").wait_for()
    person = next(one for one in line.network.calls.values() if one.outgoing and one.number == "+33639980001")
    assert person.state.startswith("conference")
    assert Leg.objects.get().agent_id == agent.agent.pk
    assert axe(desk) == []

    desk.keyboard.press("7")  # on hold, and the person hears that somebody comes back

    assert line.carry(lambda: any("revient" in words for words in person.heard))
    desk.locator("#live-call", has_text="en attente").wait_for()
    person.hang_up()
    person.join_end()
    desk.locator("#live-call").wait_for(state="detached")
    assert WorkItem.objects.get(kind="callback").stage == "wrap_up"
    desk.locator("#work [data-does=hang-up]").wait_for(state="detached")  # there is nothing left to hang up
    assert console == []
