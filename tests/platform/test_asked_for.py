"""Whatever an address asks a page for, the page answers: what it does not know it says, or leaves out."""

import re
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import get_resolver, reverse

from contactcenter.accounts.models import ApiToken
from contactcenter.desk.incidents import open_incident
from tests.factories import a_ticket, a_user, an_agent
from tests.platform.test_numbers import routes

pytestmark = pytest.mark.django_db
WORDS = ("\x00", "\n", "😀", "x" * 10_000, "-1", "٣")
ASKED = {
    "desk/queue/": ("open", "lang"),
    "desk/reports/": ("office", "day", "month", "step", "format", "table"),
    "desk/requests/": ("whose", "state", "channel", "procedure", "before"),
    "desk/search/": ("q", "tag", "before"),
    "desk/staffing/": ("calls", "handling_s"),
    "mailroom/places/": ("q",),
    "mailroom/": ("after",),
    "mailroom/letters/": ("after",),
    "wallboard/": ("office",),
}


@pytest.fixture(autouse=True)
def as_people_see_it(client: Client, admin_client: Client):
    client.raise_request_exception = admin_client.raise_request_exception = False


@pytest.mark.parametrize("page", ASKED)
def test_no_page_of_the_desk_breaks_over_what_its_address_asks(client: Client, page: str):
    a_ticket()
    client.force_login(a_user("supervisor"))
    asks = [(name, word) for name in ASKED[page] for word in WORDS]

    assert [ask for ask in asks if client.get(f"/{page}", dict([ask])).status_code >= 500] == []


def test_no_page_of_the_administration_breaks_over_what_its_address_fills_in(admin_client: Client):
    admin_client.get("/admin/")  # by then every room has named its pages
    broken = []
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_add")
        for word in ("\x00\n😀", "-1"):
            filled = dict.fromkeys((field.name for field in model._meta.get_fields()), word)
            if admin_client.get(address, filled).status_code >= 500:
                broken.append((address, word))

    assert broken == []


def test_what_has_a_character_that_no_text_holds_is_not_there(admin_client: Client):
    addresses = {"/" + re.sub(r"<\w+:\w+>", "%00", route) for route in routes(get_resolver().url_patterns)}
    asked = {address: admin_client.get(address).status_code for address in addresses if "%00" in address}

    assert {address: status for address, status in asked.items() if status >= 500} == {}
    assert asked["/request/%00/"] == asked["/desk/tickets/%00/"] == asked["/ivr/audio/%00"] == 404


@pytest.mark.parametrize("number", ["\x0012345", "😀12345", "٣٣٣٣٣٣"])
def test_an_incident_of_a_number_that_is_none_is_not_there(client: Client, number: str):
    open_incident("Le paiement échoue", "", an_agent())
    client.force_login(a_user())
    ticket, token = a_ticket(), ApiToken.issue(a_user("supervisor"), "test")

    assert client.post(f"/desk/tickets/{ticket.reference}/incident/", {"number": number}).status_code == 422
    asked = {"data": {"text": "x"}, "content_type": "application/json", "headers": {"Authorization": f"Bearer {token}"}}
    assert Client().post(f"/api/v1/incidents/{quote(number)}/mended", **asked).status_code == 404
