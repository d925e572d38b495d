"""Put together, take apart and undo, from the ticket's page and without JavaScript."""

import pytest
from django.test import Client

from contactcenter.channel import Point, Speaker
from contactcenter.desk import joining
from contactcenter.intake.services import receive
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.factories import a_ticket, a_user, an_inbound, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user())
    return client


def test_two_are_put_together_and_taken_out_again(desk: Client):
    first, second = a_ticket(), a_ticket()
    spoken = f"{second.reference[:3]} {second.reference[3:]}"

    page = desk.post(f"/desk/tickets/{first.reference}/merge/", {"into": spoken}, follow=True)

    assert page.redirect_chain[-1][0] == f"/desk/tickets/{first.reference}/"
    assert f'data-reference="{second.reference}"' in page.content.decode()
    undone = desk.post(f"/desk/undo/{page.context['undo'].pk}/", follow=True)
    assert f'data-reference="{first.reference}"' in undone.content.decode()


def test_that_requests_of_two_people_are_one_now_is_said_with_the_way_back(desk: Client):
    ana, jean = (
        a_ticket(),
        a_ticket(speaker=Speaker(name="Jean Modèle", points=(Point(kind="email", value="jean@example.org"),))),
    )
    again = a_ticket()

    page = desk.post(f"/desk/tickets/{ana.reference}/merge/", {"into": jean.reference}, follow=True).content.decode()
    of_one = desk.post(f"/desk/tickets/{again.reference}/merge/", {"into": a_ticket().reference}, follow=True)

    assert "of two people: Ana Exemple and Jean Modèle" in page
    assert "of two people" not in of_one.content.decode()


@pytest.mark.parametrize("into", ["", "nonsense", "hidden", "x" * 10_000])
def test_where_it_cannot_go_is_told_beside_the_form(desk: Client, into: str):
    ticket = a_ticket()
    hidden = a_ticket(office=an_office("elsewhere")).reference

    page = desk.post(f"/desk/tickets/{ticket.reference}/merge/", {"into": hidden if into == "hidden" else into})

    assert page.status_code == 422
    assert page.context["refused_form"] == "join"
    assert page.context["refusal"]


def test_who_does_not_see_the_other_request_is_not_told_of_it(desk: Client):
    ticket, hidden = a_ticket(), a_ticket(office=an_office("elsewhere"))
    both = a_user()
    both.offices.add(an_office("elsewhere"))
    joining.merge(hidden.reference, ticket.reference, principal_for(both))

    page = desk.get(f"/desk/tickets/{ticket.reference}/")

    assert page.context["undo"] is None
    assert hidden.reference not in page.content.decode()
    desk.force_login(both)
    assert desk.get(f"/desk/tickets/{ticket.reference}/").context["undo"] is not None


def test_a_part_is_taken_apart(desk: Client):
    ticket = a_ticket()
    receive(an_inbound(ticket_id=ticket.pk, subject="<i>Autre</i>"))
    said = ticket.interactions.order_by("pk").last()
    assert "&lt;i&gt;Autre" in desk.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    desk.post(f"/desk/tickets/{ticket.reference}/split/", {"interaction": [str(said.pk)], "subject": ""})

    assert Ticket.objects.exclude(pk=ticket.pk).get().interactions.get() == said
