"""A supervisor changes what waits first, and says why."""

import pytest
from django.test import Client

from contactcenter.accounts.models import Role
from contactcenter.desk import surgery
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def test_work_gets_another_promise_keeps_its_age_and_the_reason_is_a_note():
    ticket = a_ticket()
    item = ticket.work_items.get()

    changed = surgery.reprioritise(item.pk, "urgent", an_agent(role=Role.SUPERVISOR), reason="Vol demain matin")

    assert (changed.lane.service_class, changed.enqueued_at) == ("urgent", item.enqueued_at)
    assert ticket.notes.get().text == "Vol demain matin"
    assert ticket.events.get(kind="work_item.reprioritised").data["was"] == "message"


def test_who_may_not_and_what_cannot_be_is_refused():
    item = a_ticket().work_items.get()
    call = receive(a_caller()).work_items.get()
    boss = an_agent(role=Role.SUPERVISOR)
    with pytest.raises(NotAllowedError):
        surgery.reprioritise(item.pk, "urgent", an_agent(), reason="x")
    with pytest.raises(NotFoundError):
        surgery.reprioritise(item.pk, "urgent", an_agent(role=Role.SUPERVISOR, office=an_office("else")), reason="x")
    for number, promise, reason in ((item.pk, "urgent", " "), (item.pk, "nonsense", "x"), (call.pk, "urgent", "x")):
        with pytest.raises(InvalidError):
            surgery.reprioritise(number, promise, boss, reason=reason)
    routing.take(item.pk, an_agent())
    with pytest.raises(AlreadyTakenError):
        surgery.reprioritise(item.pk, "urgent", boss, reason="x")


def test_from_the_ticket_s_page():
    ticket = a_ticket()
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user(Role.SUPERVISOR))
    assert "Another promise" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    number = ticket.work_items.get().pk
    client.post(f"/desk/work-items/{number}/promise/", {"service_class": "immediate", "reason": "Vol demain"})

    assert ticket.work_items.get().lane.service_class == "immediate"
