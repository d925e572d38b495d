"""The fronts of long lanes: marked by a sweep, read instead of the whole lane, never in the way of what is first."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bench import taking
from bench.full_queue import lay
from contactcenter.routing import services as routing
from contactcenter.routing.fronts import FRONT, mark_fronts
from contactcenter.routing.heads import heads
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import Lane, WorkItem
from tests.factories import a_ticket, an_agent, an_office

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


def long_lane(length: int, skills: str = "writing") -> list[WorkItem]:
    """So much in one lane, the longest wait first."""
    lane, ticket, since = lane_for(an_office(), "message", skills), a_ticket(), timezone.now() - timedelta(days=9)
    ticket.work_items.all().delete()
    return WorkItem.objects.bulk_create(waiting(lane, ticket.pk, since + timedelta(hours=n)) for n in range(length))


def waiting(lane: Lane, ticket_id: int, since: datetime) -> WorkItem:
    return WorkItem(kind="message", channel="email", ticket_id=ticket_id, lane=lane, enqueued_at=since, due_at=since)


def marked() -> list[int]:
    return list(WorkItem.objects.filter(in_front=True).order_by("enqueued_at").values_list("pk", flat=True))


def test_a_long_lane_has_its_first_in_front():
    items = long_lane(FRONT + 5)
    long_lane(FRONT - 1, skills="")

    assert mark_fronts() == FRONT
    assert marked() == [item.pk for item in items[:FRONT]]
    assert mark_fronts() == 0
    assert [lane.skills for lane in Lane.objects.filter(is_long=True)] == ["writing"]


def test_what_was_taken_is_followed_by_the_next_and_a_lane_that_is_short_again_is_so():
    items = long_lane(FRONT + 5)
    mark_fronts()
    taken = WorkItem.objects.filter(pk__in=[item.pk for item in items[:5]])
    taken.update(state="done", done_at=timezone.now())

    assert mark_fronts() == 5
    taken.update(state="done")
    WorkItem.objects.filter(pk=items[-1].pk).update(state="done", done_at=timezone.now())
    mark_fronts()
    assert not Lane.objects.filter(is_long=True).exists()


def test_of_a_long_lane_the_front_is_read():
    items = long_lane(FRONT)
    mark_fronts()
    WorkItem.objects.filter(pk=items[0].pk).update(in_front=False)

    assert [head.id for head in heads()] == [items[1].pk]


def test_a_front_of_which_all_was_taken_hides_nothing():
    items = long_lane(FRONT + 1)
    mark_fronts()
    WorkItem.objects.filter(in_front=True).update(state="done", done_at=timezone.now())

    assert [head.id for head in heads()] == [items[-1].pk]


def test_the_first_of_the_lane_is_taken_though_it_came_back_since_the_last_sweep():
    items = long_lane(FRONT + 1)
    mark_fronts()
    back = waiting(items[0].lane, a_ticket().pk, items[0].enqueued_at - timedelta(days=1))
    back.save()

    taken = routing.take_next(an_agent())

    assert taken is not None
    assert taken.work_item == back


@pytest.mark.django_db(transaction=True)
def test_a_take_of_a_long_queue_reads_hardly_more_than_of_a_short_one():
    an_office()
    lay(1_000, agents=20)
    few = sum(_read().values())
    taking.multiply(connection.connection, 60_000)  # as many levels of the index as a million have

    many = sum(_read().values())
    assert many < taking.GROWS_TO * few


def _read() -> dict[str, float]:
    with connection.cursor() as cursor:
        # By a sample of the rows, plans would differ by chance: now each is looked at.
        cursor.execute("SET default_statistics_target = 300")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("RESET default_statistics_target")
    return taking.pages()
