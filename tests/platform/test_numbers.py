"""A number that is longer than any id is the number of nothing, wherever it is asked for and whatever the database."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.contracts.asking import SERVICE
from tests.factories import a_ticket

pytestmark = pytest.mark.django_db
NUMBERS = ("9" * 30, "9" * 5000)
NOT_THERE = {302, 403, 404, 405, 422}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the house, as it is written down."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


@pytest.mark.parametrize("number", NUMBERS, ids=["beyond", "longest"])
def test_in_an_address_it_is_not_there(admin_client: Client, settings, number: str):
    settings.CC_API_TOKEN = SERVICE
    service = Client(headers={"Authorization": f"Bearer {SERVICE}"})
    admin_client.get("/admin/")  # by then every room has named its pages
    reference, told = a_ticket().reference, {}

    for route in routes(get_resolver().url_patterns):
        if not re.search(r"<int:|<path:object_id>|<[a-z_]*id>", route):
            continue
        address = "/" + re.sub(r"<[^>]*>", number, re.sub(r"<(\w+:)?reference>", reference, route))
        asking = service if address.startswith("/api/") else admin_client
        told |= {("get", route): asking.get(address).status_code, ("post", route): asking.post(address).status_code}

    assert {asked: status for asked, status in told.items() if status not in NOT_THERE} == {}
    assert len(told) > 50


def test_chosen_in_the_administration_it_is_not_there(admin_client: Client):
    admin_client.get("/admin/")
    for model in admin.site._registry:
        chosen = {"action": "delete_selected", "_selected_action": NUMBERS[0]}
        listed = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")

        assert admin_client.post(listed, chosen).status_code in {200, 302, 403, 404}, listed
    new = {"username": "new", "offices": NUMBERS[0]}
    assert admin_client.post(reverse("admin:accounts_user_add"), new).status_code in {200, 404}


@pytest.mark.parametrize("number", NUMBERS, ids=["beyond", "longest"])
def test_in_a_form_of_the_desk_it_is_nobody(admin_client: Client, number: str):
    page = f"/desk/tickets/{a_ticket().reference}"

    assert admin_client.post(f"{page}/transfer/", {"to": f"queue:{number}"}).status_code == 422
    assert admin_client.post(f"{page}/transfer/", {"to": f"agent:{number}"}).status_code == 422
    assert admin_client.post(f"{page}/split/", {"interaction": number}).status_code == 422
