"""The demo is lived-in, makes no traffic of its own, and is made once."""

import re
from datetime import timedelta
from email import message_from_bytes
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from contactcenter import vault
from contactcenter.accounts.models import User
from contactcenter.demo.seed import seed
from contactcenter.demo.street import STREET
from contactcenter.outbox.models import Delivery
from contactcenter.receipts.models import Receipt
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.waiting import waiting_page
from contactcenter.tickets.models import Interaction, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, tmp_path) -> None:
    settings.CC_DATA_DIR = tmp_path
    settings.CC_DEMO = True
    assert seed()


def test_a_second_start_changes_nothing(seeded: None):
    tickets = Ticket.objects.count()

    assert not seed()
    assert Ticket.objects.count() == tickets


def test_every_channel_waits_in_the_queue(seeded: None):
    page = waiting_page(principal_for(User.objects.get(username="agent")), limit=100)

    assert {waiting.item.channel for waiting in page.items} == {"phone", "email", "web", "paper"}
    assert {waiting.item.kind for waiting in page.items} >= {"message", "callback", "scan_check"}


def test_each_agent_sees_their_own_office_alone(seeded: None):
    seen = [
        {
            waiting.item.ticket_id
            for waiting in waiting_page(principal_for(User.objects.get(username=name)), limit=100).items
        }
        for name in ("agent", "agent2")
    ]

    assert seen[0]
    assert seen[1]
    assert not seen[0] & seen[1]


def test_nothing_is_left_to_send_and_nothing_comes_back_by_itself(seeded: None):
    soon = timezone.now() + timedelta(hours=1)

    assert not Delivery.objects.filter(state__in=["pending", "sending"]).exists()
    assert not Assignment.objects.filter(ended_at=None, lease_until__lte=soon).exists()
    assert not WorkItem.objects.filter(state="scheduled", due_from__lte=soon).exists()


def test_the_street_has_answered_held_and_solved_requests_of_every_age(seeded: None):
    opened = sorted(Ticket.objects.values_list("opened_at", flat=True))

    assert len(opened) >= 25
    assert opened[0] < timezone.now() - timedelta(days=5)
    assert opened[-1] > timezone.now() - timedelta(hours=1)
    assert set(Ticket.objects.values_list("state", flat=True)) == {"new", "waiting", "solved"}
    assert not Interaction.objects.filter(
        direction="out", occurred_at__gt=timezone.now() - timedelta(minutes=10)
    ).exists()
    assert set(Ticket.objects.values_list("language", flat=True)) >= {"fr", "en", "ar", "tr"}


def test_what_was_said_long_ago_was_acknowledged_long_ago(seeded: None):
    for receipt in Receipt.objects.select_related("interaction"):
        assert receipt.issued_at - receipt.interaction.occurred_at < timedelta(minutes=1)


def test_each_mail_of_the_street_is_kept_as_it_came(seeded: None):
    for said in Interaction.objects.filter(channel="email", direction="in"):
        assert message_from_bytes(vault.read(said.raw_sha256))["Subject"]


def test_logins_are_printed_at_every_start(seeded: None):
    printed = [StringIO(), StringIO()]
    for out in printed:
        call_command("seed", stdout=out)

    lines = [out.getvalue().splitlines() for out in printed]
    assert lines[0] == lines[1]
    assert {line.split()[1] for line in lines[0]} >= {"agent", "supervisor", "mailroom", "administrator"}
    for _login, _role, username, password in map(str.split, lines[0]):
        assert authenticate(username=username, password=password) is not None


def test_only_numbers_kept_for_fiction_are_used():
    numbers = re.findall(r"\+33\d{9}", STREET.read_text())

    assert numbers
    assert all(number.startswith("+3319900") or "+33639980000" <= number < "+33639985000" for number in numbers)
