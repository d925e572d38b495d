"""A call comes while somebody writes: it waits for nobody, whoever writes is told, and no word is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.desk import drafts
from contactcenter.desk import services as desk
from contactcenter.intake.services import receive
from contactcenter.routing import calls, presence
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import LEASE, Agent, Assignment, Offer, Presence, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.factories import a_caller, a_ticket, a_user

pytestmark = pytest.mark.django_db(transaction=True)
DRAFT = "Bonjour, votre carte"


def there() -> tuple[User, Principal]:
    user = a_user()
    by = principal_for(user)
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=by.actor)
    return user, by


def writing(ticket: Ticket, by: Principal) -> WorkItem:
    item = routing.take(ticket.work_items.get().pk, by).work_item
    drafts.keep(ticket.reference, "reply", DRAFT, by)
    return item


def at_the_desk(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_the_writer_of_an_answer_holds_up_no_call_of_the_same_request_and_is_told_who_has_it():
    writer, by = there()
    ticket = a_ticket()
    message = writing(ticket, by)
    client, page = at_the_desk(writer), f"/desk/tickets/{ticket.reference}/"
    tag = client.get(f"{page}story/")["ETag"]
    colleague, theirs = there()

    call = receive(a_caller(ticket_id=ticket.pk)).work_items.get(kind="call")
    assert dispatch() == 1
    taken = routing.accept(Offer.objects.get().pk, theirs)

    assert (call.ticket_id, taken.work_item.pk, taken.also) == (ticket.pk, call.pk, [])
    told = client.get(f"{page}story/", headers={"if-none-match": tag})
    assert f"{colleague} has it since" in told.content.decode()
    assert f"{DRAFT}</textarea>" in client.get(page).content.decode()
    assert Assignment.objects.get(work_item=message, ended_at=None).agent_id == by.agent_id
    assert desk.reply(ticket.reference, DRAFT, by)


def test_what_was_set_aside_for_a_call_is_gone_on_with_where_it_was_left():
    writer, by = there()
    ticket = a_ticket()
    message = writing(ticket, by)
    call = receive(a_caller()).work_items.get()
    dispatch()
    routing.accept(Offer.objects.get().pk, by)
    started = timezone.now() - timedelta(minutes=30)
    Assignment.objects.filter(work_item=message).update(
        started_at=started, parked_at=started, lease_until=started + LEASE
    )

    calls.connected(call.pk)
    calls.over(call.pk, outcome="served")
    routing.done(call.pk, by)

    left = Assignment.objects.get(work_item=message, ended_at=None).lease_until - timezone.now()
    assert timedelta(minutes=19) < left <= LEASE
    assert f"{DRAFT}</textarea>" in at_the_desk(writer).get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert Agent.objects.get(pk=by.agent_id).presence == "available"
