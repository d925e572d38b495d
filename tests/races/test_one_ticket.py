"""The same message delivered by six threads at once is one ticket with one work item and one receipt."""

import pytest

from contactcenter.channel import Point, Speaker
from contactcenter.intake.services import amend, receive
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import Person
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Interaction, Ticket
from tests.contracts.asking import SERVICE, Api, a_body
from tests.factories import a_ticket, an_inbound, an_office
from tests.races.together import six_times, together

pytestmark = pytest.mark.django_db(transaction=True)
NEEDS = {"email": "message", "web": "message", "paper": "scan_check", "phone": "call"}


@pytest.mark.parametrize("channel", NEEDS)
def test_the_same_thing_by_six_at_once_is_one_ticket(channel: str) -> None:
    person = Speaker(name="Ana Exemple", points=(Point(kind="phone", value="+33639980001"),))
    inbound = an_inbound(channel=channel, needs=NEEDS[channel], speaker=person, external_id="once")

    tickets = six_times(lambda: receive(inbound))

    assert len({ticket.pk for ticket in tickets}) == 1
    assert Ticket.objects.count() == Interaction.objects.count() == WorkItem.objects.count() == 1
    assert Delivery.objects.count() == 1
    assert Person.objects.count() == 1


def test_six_different_things_at_once_are_six_tickets() -> None:
    inbounds = [an_inbound() for _ in range(6)]

    tickets = together(*[lambda inbound=inbound: receive(inbound) for inbound in inbounds])

    assert len({ticket.reference for ticket in tickets}) == 6
    assert WorkItem.objects.waiting().count() == 6


def test_six_answers_to_one_ticket_at_once_are_all_on_it() -> None:
    ticket = a_ticket()
    answers = [an_inbound(ticket_id=ticket.pk, text=f"encore {number}") for number in range(6)]

    together(*[lambda inbound=inbound: receive(inbound) for inbound in answers])

    assert Ticket.objects.count() == 1
    assert Interaction.objects.filter(ticket=ticket).count() == 7


def test_the_same_thing_learnt_by_six_at_once_is_learnt_once() -> None:
    a_ticket(external_id="call-1", channel="phone", needs="", receipt=False)

    six_times(lambda: amend(channel="phone", external_id="call-1", text="Carte perdue", needs="callback", receipt=True))

    assert WorkItem.objects.count() == 1
    assert Delivery.objects.filter(purpose="receipt").count() == 1
    assert Interaction.objects.get().text == "Carte perdue"


def test_the_same_idempotency_key_by_six_at_once_opens_one_ticket(settings: pytest.FixtureRequest) -> None:
    settings.CC_API_TOKEN = SERVICE  # type: ignore[attr-defined]
    an_office()

    answers = six_times(lambda: Api().post("/tickets", a_body(), **{"Idempotency-Key": "k"}))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1
