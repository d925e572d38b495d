"""What can be downloaded with the token: files as they came, receipts."""

import hashlib
from typing import Any

import pytest

from contactcenter import vault
from contactcenter.api.answers import ReceiptOut
from contactcenter.channel import File
from tests.contracts.asking import Api, a_body, asking_as, has_exactly
from tests.factories import a_ticket, a_user, an_office


@pytest.fixture
def page() -> File:
    """A file that would do harm if a browser showed it."""
    kept = vault.keep(b"<script>alert(1)</script>")
    return File(name='été "x".html', content_type="text/html", kept=kept)


def test_a_file_comes_back_as_it_came_and_is_never_shown_as_a_page(api: Api, page: File) -> None:
    reference = a_ticket(files=(page,)).reference
    said = api.get(f"/tickets/{reference}").json()["interactions"][0]["attachments"][0]

    answer: Any = api.get(said["url"].removeprefix("/api/v1"))

    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == said["sha256"] == page.kept.sha256
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_of_another_office_is_not_there(api: Api, page: File) -> None:
    reference = a_ticket(files=(page,), office=an_office("lointaine")).reference
    url = api.get(f"/tickets/{reference}").json()["interactions"][0]["attachments"][0]["url"]

    assert asking_as(a_user()).get(url.removeprefix("/api/v1")).status_code == 404
    assert Api(token="").get(url.removeprefix("/api/v1")).status_code == 401


def test_a_receipt_can_be_read_and_printed(api: Api) -> None:
    reference = api.post("/tickets", a_body()).json()["reference"]
    receipt = api.get(f"/tickets/{reference}").json()["receipts"][0]

    read = api.get(f"/receipts/{receipt['code']}")
    printed = api.get(receipt["url"].removeprefix("/api/v1"))

    has_exactly(ReceiptOut, read.json())
    assert read.json()["ticket"] == reference
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")


def test_a_receipt_of_another_office_is_not_there(api: Api) -> None:
    reference = a_ticket(office=an_office("lointaine")).reference
    code = api.get(f"/tickets/{reference}").json()["receipts"][0]["code"]

    assert asking_as(a_user()).get(f"/receipts/{code}").status_code == 404
