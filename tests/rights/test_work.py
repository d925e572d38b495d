"""Rights follow the work: while it waits in one's queue or is in one's hands one reads its ticket, and is traced."""

from typing import Any

import pytest
from django.test import Client

from contactcenter.accounts.models import ApiToken, Role, User
from contactcenter.accounts.principal import Principal
from contactcenter.desk import incidents
from contactcenter.errors import NotFoundError
from contactcenter.routing import services as routing
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Attachment, Ticket
from contactcenter.tickets.selectors import by_reference
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user() -> User:
    return a_user()


@pytest.fixture
def by(user: User) -> Principal:
    return principal_for(user)


@pytest.fixture
def ticket() -> Ticket:
    """One of another office."""
    return a_ticket(office=an_office("elsewhere"))


@pytest.fixture
def here(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def work_of(ticket: Ticket) -> WorkItem:
    return ticket.work_items.get()


def to_my_queue(ticket: Ticket) -> None:
    routing.move(work_of(ticket).pk, actor="agent:0", queue=arrival_queue(an_office()))


def to_my_hands(ticket: Ticket, by: Principal) -> None:
    routing.move(work_of(ticket).pk, actor="agent:0", agent=Agent.objects.get(pk=by.agent_id))


def the_page(client: Client, ticket: Ticket) -> Any:
    return client.get(f"/desk/tickets/{ticket.reference}/")


def traces(ticket: Ticket) -> list[dict[str, object]]:
    return list(ticket.events.filter(kind="ticket.read").values("actor", "data"))


def test_what_waits_in_my_queue_i_read_until_it_is_done(here: Client, ticket: Ticket, by: Principal):
    assert the_page(here, ticket).status_code == 404
    to_my_queue(ticket)
    assert the_page(here, ticket).status_code == 200

    routing.done(work_of(ticket).pk, by)

    assert the_page(here, ticket).status_code == 404
    with pytest.raises(NotFoundError):
        routing.done(work_of(ticket).pk, by)


def test_what_is_in_my_hands_i_read_until_i_give_it_back(here: Client, ticket: Ticket, by: Principal):
    to_my_hands(ticket, by)
    assert the_page(here, ticket).status_code == 200

    routing.release(work_of(ticket).pk, by)

    assert the_page(here, ticket).status_code == 404


def test_words_for_a_request_that_one_no_longer_sees_come_back_to_whoever_wrote_them(
    here: Client, ticket: Ticket, by: Principal
):
    to_my_hands(ticket, by)
    address = f"/desk/tickets/{ticket.reference}/"
    here.post(f"{address}draft/", {"form": "reply", "text": "Venez jeudi"})
    routing.requeue(work_of(ticket).pk, actor="supervisor")

    sent = here.post(f"{address}reply/", {"text": "Venez jeudi à neuf heures"})
    guessed = here.post("/desk/tickets/0000000000/reply/", {"text": "Venez jeudi à neuf heures"})
    opened = the_page(here, ticket)

    assert [page.status_code for page in (sent, guessed, opened)] == [404, 404, 404]
    assert "Venez jeudi à neuf heures</textarea>" in sent.content.decode()
    assert sent.content.decode().replace(ticket.reference, "0000000000") == guessed.content.decode()
    assert "Venez jeudi</textarea>" in opened.content.decode()
    assert ticket.subject not in opened.content.decode()


def test_what_a_colleague_of_another_office_holds_is_not_mine(ticket: Ticket, by: Principal):
    to_my_queue(ticket)
    there = principal_for(a_user(office=an_office("elsewhere")))
    routing.take(work_of(ticket).pk, there)

    with pytest.raises(NotFoundError):
        by_reference(by, ticket.reference)


def test_reading_by_right_of_the_work_is_traced_once(here: Client, user: User, ticket: Ticket, by: Principal):
    to_my_queue(ticket)
    said = ticket.interactions.get()
    file = Attachment.objects.create(interaction=said, name="a.pdf", content_type="x/y", size=1, sha256="0" * 64)
    headers = {"Authorization": f"Bearer {ApiToken.issue(user, 'test')}"}

    for path in (
        f"/desk/tickets/{ticket.reference}/",
        f"/desk/tickets/{ticket.reference}/story/",
        f"/desk/interactions/{said.pk}/text/",
        f"/api/v1/tickets/{ticket.reference}",
    ):
        assert here.get(path, headers=headers).status_code == 200
    here.get(f"/desk/attachments/{file.pk}/")

    assert traces(ticket) == [{"actor": by.actor, "data": {"work_item": work_of(ticket).pk}}]


def test_a_file_fetched_alone_is_traced_too(here: Client, ticket: Ticket, by: Principal):
    to_my_hands(ticket, by)

    here.get(f"/desk/interactions/{ticket.interactions.get().pk}/text/")

    assert len(traces(ticket)) == 1


def test_reading_one_s_own_office_s_requests_leaves_no_trace(here: Client):
    ticket = a_ticket()

    the_page(here, ticket)

    assert traces(ticket) == []


def test_an_auditor_reads_the_mailroom_and_is_told_why_nothing_can_be_changed(client: Client):
    client.force_login(a_user(Role.AUDITOR))

    assert client.get("/mailroom/").status_code == 200
    for path in ("/mailroom/next/", "/admin/offices/office/add/", "/desk/next/"):
        refused = client.post(path)
        assert (refused.status_code, "Un auditeur lit" in refused.content.decode()) == (403, True), path


def test_an_auditor_can_write_to_us_like_anybody_and_log_out(client: Client):
    client.force_login(a_user(Role.AUDITOR))

    assert client.post("/request/other/", {}).status_code == 422
    assert client.post("/logout/").status_code == 302


def test_who_mends_an_incident_is_told_of_no_address_elsewhere(client: Client, user: User, ticket: Ticket):
    there = principal_for(a_user(office=an_office("elsewhere")))
    number = incidents.open_incident("Panne", "Le site ne répond pas.", there).number
    incidents.link(number, [ticket.reference], there)
    headers = {"Authorization": f"Bearer {ApiToken.issue(user, 'test')}"}

    told = client.post(
        f"/api/v1/incidents/{number}/mended", {"text": "Réparé."}, content_type="application/json", headers=headers
    )

    assert (told.status_code, told.json()) == (200, [])
    assert ticket.deliveries.filter(purpose="notice").count() == 1
