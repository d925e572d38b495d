"""What was recorded is ours in the end, though the provider gave nothing out for hours."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.tickets.models import Attachment, TicketEvent
from ivr import checkup
from ivr.carry import carry_due
from ivr.models import Call, Command
from ivr.provider import Provider
from ivr.sweeps import ask_anew, sweep_audio
from tests.ivr.conftest import TOKEN, Line

ROTATED = "a token that they know already and we do not"


@pytest.fixture
def message(line: Line, settings) -> Call:
    """A message at the provider, which does not know us for now."""
    line.call("153", message="Je rappelle pour ma carte.").join_end()
    settings.TWILIO_AUTH_TOKEN = ROTATED
    return Call.objects.get()


def carried(**changes: object) -> Command:
    """The message's audio asked for once more."""
    Command.objects.filter(kind="fetch").update(due_at=timezone.now(), **changes)
    carry_due(Provider())
    return Command.objects.get(kind="fetch")


def an_hour_later() -> int:
    Command.objects.filter(done_at__isnull=False).update(done_at=timezone.now() - timedelta(minutes=61))
    return ask_anew()


def has_audio() -> bool:
    return Attachment.objects.filter(content_type__startswith="audio/").exists()


def test_a_token_that_was_changed_there_first_costs_no_message(line: Line, message: Call, settings):
    refused = carried()
    settings.TWILIO_AUTH_TOKEN = TOKEN

    assert (refused.done_at, refused.error) == (None, "HTTP 401")
    assert carried().error == ""
    assert has_audio()


def test_audio_that_was_given_up_is_asked_for_every_hour(line: Line, message: Call, settings):
    assert carried(attempts=9).done_at
    assert ask_anew() == 0

    assert an_hour_later() == 1
    assert carried().done_at  # one try, and another in an hour
    assert sweep_audio() == (1, 0)
    assert "could not be fetched" in next(iter(checkup.left_at_the_provider())).text
    assert an_hour_later() == 1
    assert sweep_audio() == (0, 0)  # the alarm stays while it is asked for
    settings.TWILIO_AUTH_TOKEN = TOKEN
    carried()

    assert has_audio()
    assert sweep_audio() == (0, 1)
    assert list(checkup.left_at_the_provider()) == []
    assert TicketEvent.objects.filter(kind="interaction.incomplete").count() == 1  # however often it was tried


def test_after_a_week_nobody_asks_for_it_any_more(line: Line, message: Call):
    tries = 0
    Command.objects.update(done_at=timezone.now(), error="HTTP 401", attempts=10)
    while an_hour_later():
        Command.objects.update(attempts=Command.objects.get().attempts + 1, done_at=timezone.now())
        tries += 1

    assert tries == 7 * 24


def test_a_copy_that_could_not_be_deleted_and_a_conversation_are_asked_for_anew_too(line: Line, message: Call):
    given_up = {"done_at": timezone.now(), "error": "HTTP 403"}
    Command.objects.create(kind="delete", key="delete-RE1", argument="RE1", attempts=1, **given_up)
    Command.objects.create(kind="fetch_tape", key="fetch-tape-1", argument="1", attempts=10, **given_up)
    Command.objects.create(kind="sms", key="sms-1", attempts=10, **given_up)
    Command.objects.create(kind="delete", key="delete-RE2", argument="RE2", done_at=timezone.now(), error="gone")

    assert an_hour_later() == 2
    assert set(Command.objects.filter(done_at=None).values_list("kind", flat=True)) == {"fetch", "delete", "fetch_tape"}
