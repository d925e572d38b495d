"""The same letter by six doors at once, and one check by six clicks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket, TicketEvent
from paper_intake.accept import Source, accept
from paper_intake.check import Findings, check
from paper_intake.models import Arrival, Door, Scan
from paper_intake.sandbox import Press
from tests.factories import an_agent, an_office
from tests.paper_intake import papers

pytestmark = pytest.mark.django_db(transaction=True)
SIX = 6


def at_once(act):
    """Six threads do it at the same moment."""
    barrier = Barrier(SIX)

    def one(number):
        try:
            barrier.wait(30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(SIX) as threads:
        return list(threads.map(one, range(SIX)))


def a_source(path, mark: str) -> Source:
    return Source(path=path, name=path.name, door=Door.FOLDER, mark=mark, at=timezone.now(), actor="scanner")


def test_the_same_bytes_by_six_doors_at_once_are_one_letter_that_came_six_times(tmp_path, data_dir):
    office, path = an_office(), papers.written(tmp_path, "lettre.pdf", papers.scanned_pdf())

    def arrive(number):
        with Press() as press:
            return accept(a_source(path, f"door {number}"), office, press).scan.pk

    assert len(set(at_once(arrive))) == 1
    assert Ticket.objects.count() == Scan.objects.count() == WorkItem.objects.count() == 1
    assert Arrival.objects.count() == SIX
    assert TicketEvent.objects.filter(kind="interaction.arrived_again").count() == SIX - 1


def test_six_clicks_on_save_are_one_check(tmp_path, data_dir):
    office, clerk = an_office(), an_agent(role="clerk")
    path = papers.written(tmp_path, "lettre.pdf", papers.scanned_pdf())
    with Press() as press:
        scan = accept(a_source(path, "folder"), office, press).scan
    findings = Findings(
        received_on=scan.received_on, name="Marie Exemple", address="12 rue Imaginaire\n99999 Villefiction"
    )

    first = at_once(lambda _number: check(scan.pk, clerk, findings)[1])

    assert sorted(first) == [False] * (SIX - 1) + [True]
    assert WorkItem.objects.filter(kind="message").count() == 1
    assert Ticket.objects.get().deliveries.count() == 1
