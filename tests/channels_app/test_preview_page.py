"""The preview on the ticket's page: above the box, with what was typed still in it."""

import pytest

from contactcenter.channel import Point, Speaker
from contactcenter.outbox.models import Delivery
from tests.factories import a_ticket, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = a_user()
    client.force_login(user)
    return user


def preview(client, ticket, **fields):
    return client.post(f"/desk/tickets/{ticket.reference}/preview/", fields)


def test_the_answer_is_shown_as_it_will_be_got_with_its_reason_and_kept_in_its_box(client, agent):
    answer = preview(client, a_ticket(), text="Venez <jeudi>.", means="email")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Comme la personne le recevra\u00a0: courriel" in page
    assert page.count("parce que la personne a écrit par courriel") == 2
    assert page.count("Venez &lt;jeudi&gt;.") == 2
    assert not Delivery.objects.filter(purpose="reply").exists()


def test_a_letter_is_shown_as_pictures_and_opens_as_a_pdf(client, agent):
    ana = Speaker(name="Ana", points=(Point(kind="address", value="1 rue X\n99000 Valmorin"),))
    ticket = a_ticket(channel="paper", speaker=ana)

    page = preview(client, ticket, text="Venez jeudi.", means="letter").content.decode()
    sheet = client.post(f"/desk/tickets/{ticket.reference}/preview/letter/", {"text": "Venez jeudi."})

    assert 'src="data:image/png;base64,' in page
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")


def test_what_cannot_be_sent_is_said_beside_the_box(client, agent):
    answer = preview(client, a_ticket(), text="Bonjour [[nom]]", means="email")

    assert answer.status_code == 422
    assert "Complétez ce qui est encore entre crochets" in answer.content.decode()
    assert "Bonjour [[nom]]" in answer.content.decode()


def test_a_letter_to_somebody_without_an_address_is_refused_in_a_sentence(client, agent):
    answer = client.post(f"/desk/tickets/{a_ticket().reference}/preview/letter/", {"text": "Venez."})

    assert answer.status_code == 422
    assert "choisissez un autre moyen" in answer.content.decode()
