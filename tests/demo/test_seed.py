"""The demo is lived-in, makes no traffic of its own, and is made once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.demo.seed import STREET, seed
from contactcenter.outbox.models import Delivery
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.selectors import principal_for, waiting_page
from contactcenter.tickets.models import Ticket

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
        {waiting.item.ticket_id for waiting in waiting_page(principal_for(User.objects.get(username=name)), limit=100).items}
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


def test_only_numbers_kept_for_fiction_are_used():
    numbers = re.findall(r"\+33\d{9}", STREET.read_text())

    assert numbers
    assert all(number.startswith("+3319900") or "+33639980000" <= number < "+33639985000" for number in numbers)
