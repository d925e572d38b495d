"""The heads of the lanes: what could be next for somebody is among what is read for them, whichever lane it is in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.routing import services as routing
from contactcenter.routing.heads import heads, heads_for
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import WorkItem
from tests.factories import a_ticket, an_agent, an_office

pytestmark = pytest.mark.django_db


def waiting_in(skills: str, days: int, kind: str = "message") -> WorkItem:
    """Work that has waited for so many days in a lane of its own, with the same promise as all others."""
    item = a_ticket().work_items.get()
    item.lane, item.kind = lane_for(an_office(), "message", skills), kind
    item.enqueued_at = timezone.now() - timedelta(days=days)
    item.save()
    return item


def test_of_lanes_with_one_promise_the_longest_wait_is_next():
    waiting_in("writing", days=2)
    longest = waiting_in("bench", days=3)
    waiting_in("", days=1)
    waiting_in("unspoken", days=9)
    agent = an_agent(skills=("writing", "bench"))

    taken = routing.take_next(agent)

    assert taken is not None
    assert taken.work_item == longest


def test_a_call_is_read_beside_written_work_that_waits_longer_under_the_same_promise():
    written, call = waiting_in("writing", days=2), waiting_in("calls", days=1, kind="call")

    assert {written.pk, call.pk} <= {head.id for head in heads_for(an_agent())}


@pytest.mark.postgresql
def test_who_asks_for_the_next_is_read_one_head_of_each_promise():
    longest = waiting_in("writing", days=2)
    waiting_in("calls", days=1)

    assert [head.id for head in heads_for(an_agent())] == [longest.pk]
    assert len(heads()) == 2
