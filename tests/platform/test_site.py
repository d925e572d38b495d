"""What every page and every door of the site keeps to."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.factories import a_user, an_office

pytestmark = pytest.mark.django_db


def test_the_process_answers_and_reaches_its_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").content == b"ready\n"


def test_a_browser_finds_the_icon(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/contactcenter/favicon.svg"


@pytest.mark.parametrize("page", ["/desk/", "/mailroom/", "/wallboard/", "/admin/"])
def test_who_is_not_logged_in_is_sent_to_the_door(client: Client, page: str) -> None:
    answer = client.get(page)

    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_nothing_runs_on_a_page_but_our_own_files(client: Client) -> None:
    an_office()

    policy = client.get("/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_of_those_who_are_logged_in_are_kept_by_no_cache(client: Client) -> None:
    client.force_login(a_user())

    assert "no-store" in client.get("/desk/")["Cache-Control"]


def test_every_channel_brought_its_addresses() -> None:
    known = str(get_resolver().url_patterns)

    assert all(part in known for part in ("ivr", "webform", "paper_intake"))
