"""A line of a story that was changed behind our back is found."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from contactcenter.tickets.models import Seal, TicketEvent
from contactcenter.tickets.seals import broken_days, seal_days
from tests.factories import a_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_days_ago() -> TicketEvent:
    """A ticket's story that began three days ago."""
    ticket = a_ticket()
    return TicketEvent.objects.create(
        ticket=ticket, kind="test.past", actor="system", at=timezone.now() - timedelta(days=3)
    )


def test_every_full_day_is_sealed_once(three_days_ago: TicketEvent):
    assert seal_days() in (2, 3)
    assert seal_days() == 0
    assert Seal.objects.order_by("day").first().events == 1
    assert broken_days() == []


def test_today_s_events_break_no_seal(three_days_ago: TicketEvent):
    seal_days()
    a_ticket()

    assert broken_days() == []


def test_a_line_that_was_added_later_is_found(three_days_ago: TicketEvent):
    seal_days()
    TicketEvent.objects.create(
        ticket=three_days_ago.ticket, kind="test.forged", actor="agent:1", at=three_days_ago.at + timedelta(seconds=1)
    )

    assert broken_days()[0] == three_days_ago.at.date()


def test_a_line_that_was_taken_out_is_found(three_days_ago: TicketEvent):
    seal_days()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # which refuses it otherwise
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE tickets_ticketevent DISABLE TRIGGER ticket_event_never_changes")
        cursor.execute("DELETE FROM tickets_ticketevent WHERE id = %s", [three_days_ago.pk])

    assert broken_days()
