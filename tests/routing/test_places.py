"""A place that is counted is the place in the order that agents take work in."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from contactcenter.offices import hours
from contactcenter.routing import places
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import WorkItem
from contactcenter.routing.score import rank
from contactcenter.routing.selectors import candidate
from tests.factories import WEEK, a_ticket, an_office, at

pytestmark = pytest.mark.django_db
MINUTES = (0, 1, 2, 50, 70, 3_000, 3_001)


@pytest.mark.parametrize("week", [None, WEEK])
def test_who_waits_stands_where_our_order_puts_them(settings, monkeypatch, week):
    settings.CC_DEMO = False
    office, now = an_office(hours=week), at("2026-11-25 15:00+01:00")
    monkeypatch.setattr(timezone, "now", lambda: now)
    hours.forget()
    lanes = [lane_for(office, name, "calls") for name in ("call", "abandoned", "urgent")]
    for lane, minutes in product(lanes, MINUTES):
        kind = "callback" if lane.service_class == "abandoned" else "call"
        since = now - timedelta(minutes=minutes)
        ticket = a_ticket(external_id=f"{lane.pk}-{minutes}", needs="")
        WorkItem.objects.create(kind=kind, channel="phone", ticket=ticket, lane=lane, enqueued_at=since, due_at=since)
    letter = WorkItem.objects.order_by("pk")[0]
    WorkItem.objects.filter(pk=letter.pk).update(kind="message")  # older than most, and no call

    waiting = WorkItem.objects.waiting().exclude(pk=letter.pk).with_lane()
    order = sorted((candidate(item, now) for item in waiting), key=rank)
    counted = [places.ahead_of(work) for one in order if (work := places.work(one.id))]

    assert counted == list(range(len(order)))
    assert places.waiting(lanes[0].queue_id) == len(order)
