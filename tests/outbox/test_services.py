"""Everything we say goes out once, after commit, and never in silence."""

from datetime import timedelta

import pytest
from django.db.models import F

from contactcenter import channel
from contactcenter.channel import DeliveryError, Outbound, Sent
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import BACK_OFF, deliver_due, report
from tests.factories import a_ticket

pytestmark = pytest.mark.django_db


class Loopback:
    """A channel that keeps what it was given, or fails as it is told to."""

    name, label, urls = "email", "Loopback", ""

    def __init__(self, fails: DeliveryError | None = None) -> None:
        self.sent: list[Outbound] = []
        self.fails = fails

    def send(self, outbound: Outbound) -> Sent:
        if self.fails:
            raise self.fails
        self.sent.append(outbound)
        return Sent(state="sent")


def test_a_receipt_goes_out_once_however_often_the_job_runs():
    ticket = a_ticket()
    with channel.registered(Loopback()) as loopback:
        assert deliver_due() == 1
        assert deliver_due() == 0

    assert isinstance(loopback, Loopback)
    assert [out.to for out in loopback.sent] == ["ana@example.org"]
    assert loopback.sent[0].message_id == ticket.deliveries.get().external_id
    assert ticket.deliveries.get().state == "sent"


def test_what_fails_is_tried_again_later_and_then_given_to_a_human():
    ticket = a_ticket()
    with channel.registered(Loopback(fails=DeliveryError("away"))):
        for _ in range(len(BACK_OFF) + 1):
            deliver_due()
            Delivery.objects.update(due_at=F("due_at") - timedelta(days=1))

    assert ticket.deliveries.get().state == "failed"
    assert ticket.work_items.filter(kind="undelivered", state="waiting").count() == 1


def test_what_can_never_arrive_is_not_tried_again():
    ticket = a_ticket()
    with channel.registered(Loopback(fails=DeliveryError("no such address", permanent=True))):
        deliver_due()

    delivery = ticket.deliveries.get()
    assert (delivery.state, delivery.attempts) == ("failed", 1)


def test_a_late_report_changes_nothing():
    delivery = a_ticket().deliveries.get()
    report(delivery.pk, "delivered")
    report(delivery.pk, "sent")

    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_a_text_for_the_person_is_not_readable_in_the_database():
    from django.db import connection

    delivery = a_ticket().deliveries.get()
    with connection.cursor() as cursor:
        cursor.execute('SELECT text, "to" FROM outbox_delivery WHERE id = %s', [delivery.pk])
        stored = " ".join(cursor.fetchone())

    assert delivery.ticket.follow_code in delivery.text.replace(" ", "")
    assert delivery.ticket.reference not in stored
    assert "example.org" not in stored
