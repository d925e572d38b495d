"""The tray is in the order of arrival over all lanes, shows one's own offices, and is read through its index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.routing import services as routing
from contactcenter.routing.lanes import lane_for
from contactcenter.routing.models import Kind, WorkItem
from paper_intake.models import Scan
from paper_intake.tray import oldest
from tests.factories import a_ticket, an_agent, an_office

pytestmark = pytest.mark.django_db
BEGAN = timezone.now() - timedelta(days=1)


def a_scan(minutes: int = 0, **fields: object) -> int:
    """A scan to check that came so many minutes after the first one: its work item."""
    ticket = a_ticket(channel="paper", needs="scan_check", occurred_at=BEGAN + timedelta(minutes=minutes), **fields)
    facts = {"sha256": "0", "size": 1, "name": "a.pdf", "content_type": "application/pdf", "received_on": BEGAN}
    Scan.objects.create(interaction=ticket.interactions.get(), **facts)
    return ticket.work_items.get(kind=Kind.SCAN_CHECK).pk


def test_the_oldest_come_first_whatever_their_lane_and_page_by_page():
    items = [a_scan(minutes) for minutes in (3, 1, 2, 1, 0)]
    hastened = WorkItem.objects.filter(pk__in=items[:2])
    hastened.update(lane=lane_for(an_office(), "urgent", "mailroom"))
    everything = [items[place] for place in (4, 1, 3, 2, 0)]

    for by in (an_agent(), Principal.of_service()):
        assert oldest(by, Kind.SCAN_CHECK, most=9) == everything
        assert oldest(by, Kind.SCAN_CHECK, most=2) == everything[:2]
        assert oldest(by, Kind.SCAN_CHECK, most=9, after=everything[1]) == everything[2:]


def test_other_offices_what_is_done_and_what_has_no_paper_are_left_out_and_what_is_taken_where_one_asks():
    clerk = an_agent(role=Role.CLERK)
    mine, taken, checked = (a_scan(minutes) for minutes in range(3))
    elsewhere = a_scan(office=an_office("elsewhere"))
    a_ticket(channel="paper", needs="scan_check")
    for item in (taken, checked):
        routing.take(item, clerk)
    routing.done(checked, clerk, outcome="checked")

    assert oldest(clerk, Kind.SCAN_CHECK, most=9) == [mine, taken]
    assert oldest(clerk, Kind.SCAN_CHECK, most=9, untaken=True) == [mine]
    assert oldest(an_agent(office=an_office("elsewhere")), Kind.SCAN_CHECK, most=9) == [elsewhere]
    assert oldest(clerk, Kind.LETTER_TO_POST, most=9) == []


@pytest.mark.parametrize("kind", [Kind.SCAN_CHECK, Kind.LETTER_TO_POST])
def test_its_index_answers(kind: Kind):
    a_scan()
    with CaptureQueriesContext(connection) as asked:
        oldest(an_agent(), kind, most=9)
    statement = asked.captured_queries[-1]["sql"].replace("%", "%%")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for step in ("seqscan", "sort"):  # whatever the tables hold: only this index has a lane in order by itself
                cursor.execute(f"SET LOCAL enable_{step} = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{statement}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert "work_item_open_of_kind" in plan
    assert connection.vendor == "sqlite" or plan.count("Sort Key") == 1  # what all lanes have, together
