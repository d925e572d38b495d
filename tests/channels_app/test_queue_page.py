"""The left column: one queue over all channels, in its order, a reason on each line, the newest always there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_app import copies, hub, queue_list
from contactcenter.channel import Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.tickets.models import Ticket
from tests.factories import a_caller, a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = a_user()
    client.force_login(user)
    return user


def test_all_channels_stand_in_one_order_each_with_its_reason(client, agent):
    a_ticket(subject="Un courriel", occurred_at=timezone.now() - timedelta(hours=1))
    receive(a_caller(subject="Un appel", occurred_at=timezone.now() - timedelta(minutes=5)))

    page = client.get("/desk/").content.decode()

    assert page.index("Un appel") < page.index("Un courriel")
    assert page.count('class="line-reason"') == 2


def test_a_caller_without_a_name_is_shown_by_their_number(client, agent):
    receive(a_caller("+33639980007"))

    assert "06 39 98 00 07" in client.get("/desk/").content.decode()


def test_a_call_without_a_subject_is_named_by_its_procedure(client, agent):
    version = ProcedureVersion.objects.create(
        procedure=Procedure.objects.create(code="titre"), number=1, name={"fr": "Renouveler mon titre", "en": "Renew"}
    )
    ticket = receive(a_caller(subject=""))
    Ticket.objects.filter(pk=ticket.pk).update(procedure=version, subject="")

    assert "Renouveler mon titre" in client.get("/desk/").content.decode()


def test_the_newest_shows_wherever_it_stands_in_the_order(client, agent, monkeypatch):
    monkeypatch.setattr(queue_list, "IN_ORDER", 3)
    for hours in range(5):
        a_ticket(occurred_at=timezone.now() - timedelta(hours=30 + hours))
    a_ticket(subject="À l'instant même")

    page = client.get("/desk/queue/").content.decode()

    assert page.count("À l'instant même".replace("'", "&#x27;")) == 1
    assert 'id="more"' in page


def test_nobody_waiting_is_said_kindly(client, agent):
    assert 'id="nobody"' in client.get("/desk/queue/").content.decode()


def test_markup_in_a_name_or_a_subject_is_only_text(client, agent):
    speaker = Speaker(name="<b>Eve</b>", points=(Point(kind="email", value="eve@example.org"),))
    a_ticket(subject="<script>alert(1)</script>", speaker=speaker)

    page = client.get("/desk/").content.decode()

    assert "<script>alert(1)" not in page
    assert "<b>Eve</b>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_another_office_s_work_is_not_there(client, agent):
    a_ticket(subject="Ailleurs", office=an_office("hautmont"))

    assert "Ailleurs" not in client.get("/desk/").content.decode()


def test_who_is_not_logged_in_is_asked_to(client):
    assert client.get("/desk/").status_code == 302
    assert client.get("/desk/queue/").status_code == 302


def test_an_unchanged_queue_is_not_sent_again_and_a_changed_one_is(client, agent, monkeypatch):
    monkeypatch.setattr("channels_app.views.desk.TRUE_FOR", 10**9)
    item = a_ticket().work_items.get()
    tag = client.get("/desk/queue/")["ETag"]

    again = client.get("/desk/queue/", headers={"If-None-Match": tag})
    hub.announce([item.lane.queue_id])
    changed = client.get("/desk/queue/", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_reading_again_costs_one_query_to_know_who_asks_and_none_for_what_others_read(
    client, agent, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("channels_app.views.desk.TRUE_FOR", 10**9)
    for number in range(30):
        a_ticket(external_id=f"mail-{number}")
    client.get("/desk/queue/")

    with django_assert_num_queries(1):  # session, user, agent, offices, skills, queues, and whether anything is in hand
        client.get("/desk/queue/")


def test_the_whole_queue_costs_the_same_queries_however_long(client, agent, django_assert_max_num_queries):
    for number in range(30):
        a_ticket(external_id=f"mail-{number}")
    client.get("/desk/queue/")
    copies.forget()

    with django_assert_max_num_queries(QUERIES_OF_THE_QUEUE):
        client.get("/desk/queue/")


QUERIES_OF_THE_QUEUE = 8  # who asks; the lanes, each lane's head, their tickets, callers and topics
