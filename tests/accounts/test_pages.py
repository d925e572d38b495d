"""Signing in after a night leads back to a page, never to an address that only takes what a form sends."""

import pytest
from django.test import Client

from tests.factories import a_ticket, a_user

pytestmark = pytest.mark.django_db


def entered(client: Client, wanted: str) -> str:
    """Where one is led after signing in, on the way to an address."""
    user = a_user()
    return client.post("/login/", {"username": user.username, "password": "pass", "next": wanted})["Location"]


def test_a_form_sent_after_a_night_leads_back_to_its_page(client: Client):
    page = f"/desk/tickets/{a_ticket().reference}/"

    sent = client.post(
        f"{page}solve/", {"disposition": "duplicate"}, headers={"Referer": f"http://testserver{page}?from=search"}
    )

    assert sent["Location"] == f"/login/?next={page}%3Ffrom%3Dsearch"
    assert client.get(entered(client, f"{page}?from=search")).status_code == 200


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/desk/", "http://testserver/desk/next/"])
def test_a_form_from_nowhere_leads_to_the_desk(client: Client, referer: str):
    assert client.post("/desk/next/", headers={"Referer": referer})["Location"] == "/login/?next=/desk/"


def test_a_part_of_a_page_leads_back_to_the_page(client: Client):
    headers = {"Sec-Fetch-Dest": "empty", "Referer": "http://testserver/wallboard/"}

    assert client.get("/wallboard/figures/", headers=headers)["Location"] == "/login/?next=/wallboard/"


@pytest.mark.parametrize(
    "wanted",
    [
        "/desk/next/",
        "/desk/presence/",
        "/desk/work-items/7/take/",
        "/logout/",
        "/api/v1/me/presence",
        "/nowhere/",
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_page_of_ours_leads_to_the_desk(client: Client, wanted: str):
    assert entered(client, wanted) == "/desk/"
    assert f'value="{wanted}"' not in Client().get("/login/", {"next": wanted}).content.decode()


@pytest.mark.parametrize("wanted", ["/wallboard/?office=1", "/admin/accounts/user/", "/mailroom/", "/account/"])
def test_a_page_is_come_back_to(client: Client, wanted: str):
    assert entered(client, wanted) == wanted
