"""What has happened is never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from contactcenter.tickets.models import NeverChangedError, TicketEvent
from contactcenter.tickets.signals import ticket_event
from tests.factories import a_ticket

pytestmark = pytest.mark.django_db


def test_an_event_cannot_be_changed_through_the_models():
    event = a_ticket().events.first()
    assert event is not None

    with pytest.raises(NeverChangedError):
        event.save()
    with pytest.raises(NeverChangedError):
        event.delete()
    with pytest.raises(NeverChangedError):
        TicketEvent.objects.update(kind="other")


def test_the_database_refuses_to_change_an_event():
    event = a_ticket().events.first()
    assert event is not None

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticketevent SET kind = 'other' WHERE id = %s", [event.pk])


def test_events_hold_ids_and_codes_but_nothing_that_was_said():
    ticket = a_ticket(subject="Zanzibar", text="Zanzibar ana@example.org")

    told = " ".join(str(event.data) for event in ticket.events.all())

    assert ticket.events.count() >= 3
    assert "Zanzibar" not in told
    assert "example.org" not in told


def test_an_event_is_announced_only_once_it_is_true(django_capture_on_commit_callbacks):
    heard: list[str] = []

    def hear(sender: object, event: TicketEvent, **_: object) -> None:
        heard.append(event.kind)

    ticket_event.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            a_ticket()
            assert heard == []
        assert "ticket.opened" in heard
    finally:
        ticket_event.disconnect(hear)
