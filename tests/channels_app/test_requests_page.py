"""The list of requests: one's own or all that one may see, filtered, page by page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from channels_app import requests_list
from contactcenter.desk import services
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.services import take
from tests.contracts.asking import asking_as
from tests.factories import WEEK, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    an_office(hours=WEEK)
    return a_user()


@pytest.fixture
def listed(agent):
    """A function: the references of the list that is asked for so, in order."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent)

    def asked(**query: str) -> list[str]:
        page = client.get("/desk/requests/", query)
        assert page.status_code == 200
        asked.page, asked.following = page.content.decode(), page.context["following"]
        return [line.reference for line in page.context["lines"]]

    asked.client = client
    return asked


def test_my_own_are_those_i_have_or_had_in_hand(listed, agent):
    had, has, _never = a_ticket(), a_ticket(), a_ticket()
    by = principal_for(agent)
    take(had.work_items.get().pk, by)
    services.solve(had.reference, by, disposition="answered", text="C'est fait.")
    take(has.work_items.get().pk, by)

    assert listed() == [has.reference, had.reference]
    assert "in the hands of" in listed.page


def test_all_are_those_that_the_api_lists_in_the_same_order(listed, agent):
    a_ticket(office=an_office("elsewhere"))
    for channel in ("email", "web", "paper"):
        a_ticket(channel=channel)
    services.hold(a_ticket().reference, an_agent(), until=timezone.now() + timedelta(days=1))
    api = asking_as(agent)

    for query in ({}, {"state": "waiting"}, {"state": "new", "channel": "web"}, {"channel": "fax"}):
        assert listed(whose="all", **query) == [one["reference"] for one in api.every("/tickets", **query)]


def test_by_procedure(listed):
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    lost = a_ticket(procedure="DUPLICATA")
    a_ticket()

    assert listed(whose="all", procedure="DUPLICATA") == [lost.reference]
    assert '<option value="DUPLICATA" selected>' in listed.page


def test_page_by_page_each_once_whatever_comes_meanwhile(listed, monkeypatch):
    monkeypatch.setattr(requests_list, "SHOWN", 2)
    same = timezone.now()
    tickets = [a_ticket(occurred_at=same) for _ in range(5)]
    seen = listed(whose="all")
    a_ticket()
    while listed.following:
        page = listed.client.get(f"/desk/requests/{listed.following}")
        seen += [line.reference for line in page.context["lines"]]
        listed.following = page.context["following"]

    assert seen == [ticket.reference for ticket in reversed(tickets)]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"before": "nonsense"}, 1),
        ({"before": "2026-01-01 1"}, 1),
        ({"before": f"2026-01-01T00:00:00+00:00 {'9' * 30}"}, 1),
        ({"state": "odd"}, 1),
        ({"whose": "theirs"}, 0),  # one's own, as where nothing is asked
        ({"procedure": "\x00", "channel": "x" * 10_000}, 0),
    ],
)
def test_what_is_no_filter_and_no_place_is_answered_with_a_page(listed, query, count):
    a_ticket()

    assert len(listed(**{"whose": "all", **query})) == count


def test_each_state_of_the_page_says_what_to_do(listed):
    assert listed() == []
    assert "Take the next from the queue" in listed.page
    assert listed(whose="all") == []
    assert "What arrives by phone" in listed.page
    assert listed(whose="all", state="solved") == []
    assert "Choose another state" in listed.page


def test_a_page_costs_the_same_however_long(listed, django_assert_max_num_queries):
    for number in range(8):
        ticket = a_ticket()
        if number % 2:
            take(ticket.work_items.get().pk, an_agent())
    listed(whose="all")

    with django_assert_max_num_queries(8):  # session, user, agent, rights; the page, its hands, the procedures
        listed(whose="all")
