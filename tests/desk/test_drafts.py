"""What one writes is kept, sent once, and holds the work one writes on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.desk import drafts
from contactcenter.desk import services as desk
from contactcenter.desk.models import Draft
from contactcenter.outbox.models import Delivery
from contactcenter.routing import services as routing
from contactcenter.routing import sweeps
from contactcenter.routing.models import Assignment
from contactcenter.routing.selectors import principal_for
from tests.factories import a_ticket, a_user, an_agent, an_office
from tests.races.together import six_times

pytestmark = pytest.mark.django_db(transaction=True)


def logged_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def keep(client: Client, reference: str, text: str, form: str = "reply"):
    return client.post(f"/desk/tickets/{reference}/draft/", {"form": form, "text": text})


def test_what_is_being_written_is_there_on_another_machine():
    ticket, user = a_ticket(), a_user()

    assert keep(logged_in(user), ticket.reference, "Venez <b>jeudi</b>").status_code == 204

    page = logged_in(user).get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert "Venez &lt;b&gt;jeudi&lt;/b&gt;</textarea>" in page
    assert "jeudi" not in logged_in(a_user()).get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_writing_renews_the_lease_and_an_open_page_does_not():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    soon = timezone.now() + timedelta(minutes=1)
    Assignment.objects.update(lease_until=soon)
    client = logged_in(user)

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert Assignment.objects.get().lease_until == soon
    assert "Still on it?" in page

    keep(client, ticket.reference, "Venez")
    assert Assignment.objects.get().lease_until > soon + timedelta(minutes=15)


def test_asked_one_goes_on():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    Assignment.objects.update(lease_until=timezone.now() + timedelta(minutes=1))

    logged_in(user).post(f"/desk/tickets/{ticket.reference}/go-on/")

    assert Assignment.objects.get().lease_until > timezone.now() + timedelta(minutes=15)


def test_a_lease_that_ends_while_one_writes_takes_no_word():
    ticket, user = a_ticket(), a_user()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    client = logged_in(user)
    keep(client, ticket.reference, "Venez jeudi")
    Assignment.objects.update(lease_until=timezone.now() - timedelta(seconds=1), started_at="2026-01-01T00:00Z")

    sweeps.sweep_leases()

    assert "Venez jeudi</textarea>" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_sent_it_is_no_draft_any_more():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    keep(client, ticket.reference, "Venez jeudi")

    client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez jeudi", "means": "email"})

    assert not Draft.objects.exists()


def test_emptied_it_is_forgotten():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    keep(client, ticket.reference, "x")
    keep(client, ticket.reference, "  ")

    assert not Draft.objects.exists()


def test_a_form_sent_twice_is_one_answer():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    once = client.get(f"/desk/tickets/{ticket.reference}/").context["once"]
    for _ in range(2):
        client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Oui.", "means": "email", "once": once})

    assert Delivery.objects.filter(purpose="reply").count() == 1


def test_sent_by_six_at_once_it_is_one_answer():
    ticket, by = a_ticket(), an_agent()

    six_times(lambda: desk.reply(ticket.reference, "Oui.", by, once="abc").pk)

    assert Delivery.objects.filter(purpose="reply").count() == 1


def test_others_see_that_somebody_writes_and_not_what():
    ticket, user = a_ticket(), a_user()
    keep(logged_in(user), ticket.reference, "Entre nous")

    page = logged_in(a_user()).get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert f"{user} is writing an answer" in page
    assert "Entre nous" not in page

    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=3))
    assert drafts.writers(ticket, an_agent()) == []


def test_a_megabyte_pasted_is_kept_and_refused_with_a_sentence():
    ticket, user = a_ticket(), a_user()
    client = logged_in(user)
    much = "mot " * 250_000

    assert keep(client, ticket.reference, much, "note").status_code == 204
    refused = client.post(f"/desk/tickets/{ticket.reference}/note/", {"text": much})

    assert refused.status_code == 422
    assert "too long" in refused.content.decode()
    assert Draft.objects.get().text.startswith("mot mot")


def test_on_what_one_does_not_see_nothing_is_kept():
    ticket = a_ticket(office=an_office("elsewhere"))

    assert keep(logged_in(a_user()), ticket.reference, "x").status_code == 404
    assert (
        keep(logged_in(a_user(role="auditor", office=an_office("elsewhere"))), ticket.reference, "x").status_code == 403
    )
    assert keep(logged_in(a_user(office=an_office("elsewhere"))), ticket.reference, "x", "nonsense").status_code == 422
