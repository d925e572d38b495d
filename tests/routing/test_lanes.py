"""An office's new work finds a queue, also before anybody has set one up."""

import pytest

from contactcenter.offices.models import Office
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Queue
from contactcenter.tickets.models import Ticket
from tests.factories import a_ticket, an_office

pytestmark = pytest.mark.django_db


def a_new_office(slug: str = "valmorin") -> Office:
    office = an_office(slug)
    Queue.objects.filter(office=office).delete()
    return office


def test_an_office_s_first_work_makes_its_queue():
    office = a_new_office()

    ticket = a_ticket(office=office)

    assert list(Queue.objects.values_list("slug", "name", "arrives_here")) == [("valmorin", office.name, True)]
    assert ticket.work_items.get().lane.queue.office == office


def test_a_short_name_that_another_queue_has_is_counted_on():
    office, elsewhere = a_new_office("a" * 60), an_office("hautmont")
    for slug in (office.slug, "a" * 50 + "-2"):
        Queue.objects.create(office=elsewhere, slug=slug, name="Autre", arrives_here=False)

    assert arrival_queue(office).slug == "a" * 50 + "-3"


def test_where_no_queue_of_an_office_takes_arrivals_one_is_made():
    office = an_office()
    Queue.objects.update(arrives_here=False)

    a_ticket(office=office)

    assert Ticket.objects.count() == 1
    assert arrival_queue(office).slug == "valmorin-2"
