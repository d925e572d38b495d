"""Whom we called, and who lost their agent, waits at the place of their callback, with each key that any caller has."""

import pytest

from contactcenter.channel import get
from contactcenter.desk import services as desk
from contactcenter.desk import work
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import Evidence
from contactcenter.routing import services as routing
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Attachment, Interaction, Ticket
from ivr.models import Call
from ivr.reading import said_as
from ivr.services import voicemail
from tests.ivr.conftest import Line, soon
from tests.ivr.test_callbacks import ANA, SERVICE, a_callback


@pytest.fixture
def waits(line: Line, monkeypatch):
    """They were reached, and their agent's leg was lost; a function that gives the call and its callback."""
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)

    def waiting(item: WorkItem | None = None):
        item = item or a_callback(line)
        work.take(item.pk, SERVICE)
        assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
        person = next(leg for leg in line.network.calls.values() if leg.number == ANA and leg.outgoing)
        next(leg for leg in line.network.calls.values() if leg.number.startswith("client:")).hang_up()
        assert line.carry(lambda: person.state == "queued" and WorkItem.objects.get(pk=item.pk).state == "waiting")
        person.patient, person.reply, person.message = True, None, ""
        item.refresh_from_db()
        return person, item

    return waiting


def pressed(person, keys: str) -> None:
    before = len(person.trail)
    person.press(keys)
    assert soon(lambda: len(person.trail) > before)


def unfinished() -> list[tuple[str, str]]:
    return sorted(WorkItem.objects.unfinished().values_list("kind", "state"))


def test_by_two_they_are_called_back_at_the_place_they_had(line: Line, waits):
    person, item = waits()

    pressed(person, "2")
    person.join_end()

    assert soon(lambda: Call.objects.get(outgoing=True).state == "ended")
    assert unfinished() == [("callback", "waiting")]
    assert WorkItem.objects.unfinished().get().enqueued_at == item.enqueued_at
    assert not Call.objects.get(outgoing=True).missed


@pytest.mark.parametrize("hangs_up", [True, False])
def test_by_three_they_leave_a_message_that_takes_the_place_of_their_callback(line: Line, waits, hangs_up: bool):
    person, item = waits()
    person.message, person.hangs_up_speaking = "Ma carte a expiré", hangs_up

    pressed(person, "3")
    person.join_end()

    call = Call.objects.get(outgoing=True)
    assert soon(lambda: unfinished() == [("message", "waiting")])
    message = WorkItem.objects.unfinished().get()
    assert (message.ticket, message.enqueued_at) == (item.ticket, item.enqueued_at)
    made = Interaction.objects.get(external_id=said_as(call))
    assert line.carry(lambda: Attachment.objects.filter(interaction=made, content_type="audio/wav").exists())
    assert "<audio" in get("phone").timeline([made.pk])[made.pk].html
    assert Ticket.objects.count() == 1


def test_what_they_say_after_closing_promised_to_call_them_is_beside_their_callback(line: Line, waits):
    _person, item = waits()
    call = Call.objects.get(outgoing=True)

    voicemail.take_message(call, recording="RE1", promised=True)

    assert sorted(unfinished()) == [("callback", "waiting"), ("message", "waiting")]
    assert WorkItem.objects.get(pk=item.pk).state == "waiting"


def test_who_says_nothing_after_the_tone_waits_on_at_their_place(line: Line, waits):
    person, item = waits()

    pressed(person, "3")

    assert soon(lambda: person.trail.count("Record") == 3 and person.state == "queued")
    assert Call.objects.get(outgoing=True).state == "waiting"
    assert unfinished() == [("callback", "waiting")]
    work.take(item.pk, SERVICE)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())


def test_by_four_they_show_whose_request_it_is(line: Line, waits):
    person, item = waits()

    pressed(person, "4")
    pressed(person, f"1{item.ticket.reference}#{item.ticket.follow_code}#")

    assert soon(lambda: Evidence.objects.filter(person=item.ticket.person, kind="follow_code").exists())
    assert unfinished() == [("callback", "waiting")]
    assert not person.errors


def test_by_five_nothing_becomes_another_matter_since_it_is_we_who_called(line: Line, waits):
    person, item = waits()

    pressed(person, "5")

    assert soon(lambda: person.trail[-3:].count("wait:Gather"))
    assert not any("autre demande" in words for words in person.heard)
    assert Call.objects.get(outgoing=True).ticket == item.ticket
    assert Ticket.objects.count() == 1
    assert person.state == "queued"


def test_what_an_agent_had_to_tell_them_is_still_to_be_told_though_they_left_a_message(line: Line, waits):
    line.call("153", number=ANA, message="Bonjour").join_end()
    ticket = Ticket.objects.get()
    desk.reply(ticket.reference, "Votre carte est prête.", SERVICE, means="callback")
    person, _item = waits(ticket.work_items.get(kind="callback"))
    person.message = "Rappelez-moi ce soir"

    pressed(person, "3")
    person.join_end()

    assert soon(lambda: ("message", "waiting") in unfinished())
    assert ("callback", "waiting") in unfinished()
    assert Delivery.objects.get(means="callback").state not in ("sent", "failed")


def test_where_what_we_called_about_is_done_they_may_say_what_they_have_to(line: Line, waits):
    person, item = waits()
    person.message = "Encore une chose"

    routing.withdraw(item.pk, actor="system", outcome="done_otherwise")

    assert soon(lambda: unfinished() == [("message", "waiting")])
    person.join_end()
    assert not person.errors
