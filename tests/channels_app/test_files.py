"""Files are handed out unchanged to those who may see the ticket, and harmless to the browser."""

import pytest

from contactcenter import vault
from contactcenter.channel import File
from tests.factories import a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db
EVIL = b"<script>alert(document.cookie)</script>"


def a_file(content_type: str = "text/html", data: bytes = EVIL, **fields):
    file = File(name="lettre é.html", content_type=content_type, kept=vault.keep(data))
    return a_ticket(files=(file,), **fields).interactions.get().attachments.get()


@pytest.fixture(autouse=True)
def agent(client):
    client.force_login(a_user())


def test_an_enclosure_is_saved_never_shown(client):
    answer = client.get(f"/desk/attachments/{a_file().pk}/")

    assert b"".join(answer.streaming_content) == EVIL
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_recording_may_be_played_in_the_page(client):
    answer = client.get(f"/desk/attachments/{a_file('audio/mpeg', b'ID3').pk}/")

    assert answer["Content-Type"] == "audio/mpeg"
    assert not answer["Content-Disposition"].startswith("attachment")


def test_an_enclosure_of_another_office_is_not_there(client):
    assert client.get(f"/desk/attachments/{a_file(office=an_office('hautmont')).pk}/").status_code == 404


def test_the_original_is_handed_out_byte_for_byte(client):
    raw = vault.keep(b"From: ana@example.org\r\n\r\nBonjour")
    said = a_ticket(raw_sha256=raw.sha256).interactions.get()

    answer = client.get(f"/desk/interactions/{said.pk}/original/")

    assert b"".join(answer.streaming_content) == b"From: ana@example.org\r\n\r\nBonjour"


def test_an_original_that_is_not_kept_is_not_there(client):
    said = a_ticket().interactions.get()

    assert client.get(f"/desk/interactions/{said.pk}/original/").status_code == 404
