"""What is learnt later is added to what was received, and twice changes nothing."""

import pytest

from contactcenter.channel import File, Point, Speaker
from contactcenter.errors import NotFoundError
from contactcenter.intake.services import amend, receive
from contactcenter.vault import keep
from tests.factories import a_caller, a_ticket, an_inbound

pytestmark = pytest.mark.django_db


def test_a_menu_choice_opens_the_work_once():
    ticket = receive(a_caller(external_id="CA1", needs=""))

    for _ in range(2):
        amend(channel="phone", external_id="CA1", needs="call", language="en")

    ticket.refresh_from_db()
    assert ticket.language == "en"
    assert [item.kind for item in ticket.work_items.all()] == ["call"]


def test_audio_that_follows_is_attached_once(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    ticket = receive(a_caller(external_id="CA2", needs=""))
    audio = File(name="message.wav", content_type="audio/wav", kept=keep(b"RIFF"))

    for _ in range(2):
        amend(channel="phone", external_id="CA2", files=(audio,), needs="message", receipt=True)

    assert ticket.interactions.get().attachments.count() == 1
    assert ticket.work_items.get().kind == "message"
    assert ticket.deliveries.get().means == "sms"


def test_a_clerk_names_who_wrote_the_letter():
    ticket = a_ticket(channel="paper", external_id="scan", speaker=None, needs="scan_check", receipt=False)
    home = Point(kind="address", value="3 allée des Tilleuls\n99999 Villefiction")

    amend(
        channel="paper",
        external_id="scan",
        text="Ma carte est perdue.",
        speaker=Speaker(name="Mme Nzobakwa", points=(home,), named=True),
        receipt=True,
        actor="agent:1",
    )

    ticket.refresh_from_db()
    assert ticket.person is not None
    assert ticket.person.name == "Mme Nzobakwa"
    assert ticket.deliveries.get().means == "letter"


def test_a_letter_can_be_put_onto_the_ticket_it_answers():
    ticket = a_ticket()
    letter = receive(an_inbound(channel="paper", external_id="scan", needs="scan_check", receipt=False))

    amend(channel="paper", external_id="scan", ticket_id=ticket.pk)

    letter.refresh_from_db()
    assert letter.state == "solved"
    assert ticket.interactions.count() == 2
    assert ticket.work_items.filter(kind="scan_check").exists()


def test_an_unknown_id_is_said():
    with pytest.raises(NotFoundError):
        amend(channel="phone", external_id="CA404", text="?")
