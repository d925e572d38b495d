"""Calls from the first ring to the end, over HTTP with real signatures: nobody is lost, nobody is there twice."""

import pytest
from django.test import Client

from contactcenter.accounts.principal import Principal
from contactcenter.desk import joining, work
from contactcenter.desk import services as desk
from contactcenter.intake.services import receive
from contactcenter.outbox.services import deliver_due
from contactcenter.routing.models import WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from ivr.carry import carry_due
from ivr.models import Call, Command
from ivr.provider import Provider
from ivr.services import voicemail
from ivr.simulator.recordings import Recording
from tests.factories import a_user, an_inbound
from tests.ivr.conftest import Line, soon

WAIT = "111"
SCRIPTS = {"wait": ["1", "1", "1"], "callback": ["2", "2", "2"], "message": ["1", "5", "3"], "silent": [" ", " ", " "]}
PREFIXES = [(name, length) for name, keys in SCRIPTS.items() for length in range(len(keys) + 1)]


def test_a_waiting_caller_is_in_the_queue_within_four_keys(line: Line):
    call = line.call(WAIT)

    assert call.wait_for("queued")
    item = WorkItem.objects.get()
    assert (item.kind, item.channel, item.state) == ("call", "phone", "waiting")
    assert item.ticket.procedure is None or item.ticket.procedure.procedure.code == "RENOUV"
    assert not call.errors


@pytest.mark.parametrize(("script", "length"), PREFIXES)
def test_hanging_up_at_any_step_leaves_exactly_one_ticket_and_no_orphan(line: Line, script: str, length: int):
    keys: list[str | None] = [*SCRIPTS[script][:length]]
    call = line.call([*keys, None] if length < 3 else keys, message="Bonjour" if script == "message" else "")
    if length == 3:
        call.wait_for("queued", timeout=3)
        call.hang_up()
    call.join_end()

    assert soon(lambda: Call.objects.filter(state="ended").count() == 1)
    assert Ticket.objects.count() == 1
    assert not WorkItem.objects.filter(kind="call", state="waiting").exists()
    assert WorkItem.objects.filter(state="waiting").count() <= 1
    assert not call.errors


def test_three_wrong_answers_lead_to_a_human_and_never_to_a_hang_up(line: Line):
    call = line.call(["1", "7", "8", "9"])

    assert call.wait_for("queued")
    assert WorkItem.objects.get().kind == "call"


def test_a_caller_who_says_nothing_at_all_gets_a_human(line: Line):
    assert line.call([" ", " ", " "]).wait_for("queued")


def test_who_waited_and_hung_up_is_called_back_behind_those_who_hold_the_line(line: Line):
    line.network.repeat_status = 3
    call = line.call(WAIT)
    call.wait_for("queued")
    since = WorkItem.objects.get(kind="call").enqueued_at

    call.hang_up()
    call.join_end()

    assert soon(lambda: WorkItem.objects.filter(kind="callback").exists())
    callback = WorkItem.objects.get(kind="callback")
    assert (callback.lane.service_class, callback.enqueued_at) == ("abandoned", since)
    assert callback.lane.target_s == 4 * 3600
    assert WorkItem.objects.get(kind="call").outcome == "abandoned"


def _waits_and_hangs_up_unnamed(line: Line) -> None:
    call = line.call(WAIT, number="anonymous")
    call.wait_for("queued")
    call.hang_up()
    call.join_end()
    assert soon(lambda: Call.objects.get().state == "ended")


def test_a_withheld_number_leaves_a_ticket_and_no_callback(line: Line):
    _waits_and_hangs_up_unnamed(line)

    assert Ticket.objects.get().person is None
    assert not WorkItem.objects.filter(state="waiting").exists()


def test_a_chosen_callback_keeps_its_place_and_its_receipt_is_a_text(line: Line):
    call = line.call("222")
    call.join_end()

    item = WorkItem.objects.get()
    assert (item.kind, item.lane.service_class) == ("callback", "call")
    deliver_due()
    assert line.carry(lambda: line.network.texts)
    (text,) = line.network.texts
    assert text.to == "+33639980001"
    assert item.ticket.reference in text.body.replace(" ", "")
    assert soon(lambda: item.ticket.deliveries.get().state in ("sent", "delivered"))


def test_a_message_waits_for_a_human_and_its_audio_follows(line: Line):
    call = line.call("153", message="Je rappelle pour ma carte.")
    call.join_end()

    assert soon(lambda: WorkItem.objects.filter(kind="message", state="waiting").exists())
    said = Ticket.objects.get().interactions.get()
    assert line.carry(lambda: said.attachments.exists())
    assert said.attachments.get().content_type == "audio/wav"
    assert line.carry(lambda: not line.network.recordings)  # the provider's copy is deleted once we have ours
    agent = Client()
    agent.force_login(a_user())
    page = agent.get(f"/desk/tickets/{Ticket.objects.get().reference}/").content.decode()
    audio = f"/desk/attachments/{said.attachments.get().pk}/"
    assert f'<audio controls preload="none" src="{audio}">' in page
    assert "Left a message." in page or "Message laissé." in page
    assert "Message vocal" in agent.get("/desk/queue/").content.decode()
    assert b"".join(agent.get(audio).streaming_content)[:4] == b"RIFF"


def test_a_call_that_is_put_on_a_request_of_its_own_has_not_become_a_message(line: Line):
    _waits_and_hangs_up_unnamed(line)
    ticket, user = Ticket.objects.get(), a_user()
    receive(an_inbound(ticket_id=ticket.pk))
    rang = ticket.interactions.get(channel="phone")

    alone = joining.split(ticket.reference, [rang.pk], principal_for(user), subject="Un appel").other

    agent = Client(headers={"accept-language": "en"})
    agent.force_login(user)
    queue = agent.get("/desk/queue/").content.decode()
    assert "Un appel" in queue
    assert "Voice message" not in queue
    assert "left a message" not in agent.get(f"/desk/tickets/{alone.reference}/").content.decode()


def test_what_is_no_recording_is_neither_kept_nor_deleted_at_the_provider(line: Line, monkeypatch):
    line.call("153", message="Je rappelle pour ma carte.").join_end()
    monkeypatch.setattr(Recording, "wav", lambda self: b"<html>502 Bad Gateway</html>")

    carry_due(Provider())

    command = Command.objects.get(kind="fetch")
    assert (command.done_at, command.error) == (None, "what came is no recording")
    assert not Command.objects.filter(kind="delete").exists()
    assert line.network.recordings


def test_an_agent_who_takes_the_call_is_connected(line: Line):
    call = line.call(WAIT)
    call.wait_for("queued")

    taken = work.take_next(Principal.of_service())

    assert taken is not None
    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert soon(lambda: call.state.startswith("conference"))
    assert taken.work_item.ticket.events.filter(kind="call.connected").exists()
    call.hang_up()
    call.join_end()
    assert line.carry(lambda: WorkItem.objects.get(kind="call").state == "done")
    assert WorkItem.objects.get(kind="call").outcome == "served"


def test_the_agents_leg_is_nobodys_request(line: Line):
    call = line.call(WAIT)
    call.wait_for("queued")
    work.take_next(Principal.of_service())
    line.carry(lambda: call.state.startswith("conference"))
    agent = next(leg for leg in line.network.calls.values() if leg.outgoing)

    call.hang_up()
    agent.join_end()

    assert agent.trail == ["Gather", "Gather", "Say", "Dial", "Hangup"]
    assert Ticket.objects.count() == Call.objects.count() == 1


def test_a_lost_agent_leg_puts_the_caller_back_at_the_original_place(line: Line):
    call = line.call(WAIT)
    call.wait_for("queued")
    since = WorkItem.objects.get().enqueued_at
    work.take_next(Principal.of_service())
    line.carry(lambda: Call.objects.get().state == "connected")

    agent = next(leg for leg in line.network.calls.values() if leg.outgoing)
    agent.hang_up()

    assert line.carry(lambda: call.state == "queued" and WorkItem.objects.get().state == "waiting")
    assert WorkItem.objects.get().enqueued_at == since


def test_a_waiting_caller_can_ask_to_be_called_back(line: Line):
    call = line.call(["1", "1", "1", "2"])
    call.join_end()

    assert soon(lambda: WorkItem.objects.filter(kind="callback", state="waiting").exists())
    assert not WorkItem.objects.filter(kind="call", state="waiting").exists()


def test_a_callback_reaches_the_person_and_what_was_promised_is_sent(line: Line):
    call = line.call("153", number="+33199000007", message="Rappelez-moi")
    call.join_end()
    ticket = Ticket.objects.get()
    delivery = desk.reply(ticket.reference, "Votre carte est prête.", Principal.of_service(), means="callback")

    taken = work.take(ticket.work_items.get(kind="callback").pk, Principal.of_service())

    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="ended").exists())
    delivery.refresh_from_db()
    taken.work_item.refresh_from_db()
    assert delivery.state == "sent"
    assert taken.work_item.state == "done"


def test_a_person_who_does_not_answer_is_called_again_later(line: Line):
    line.network.outcomes["+33639980001"] = "no-answer"
    line.call("222").join_end()
    item = WorkItem.objects.get(kind="callback")

    work.take(item.pk, Principal.of_service())

    assert line.carry(lambda: WorkItem.objects.get(pk=item.pk).state == "scheduled")


def test_a_text_message_is_a_request(line: Line):
    for _ in range(2):
        assert (
            line.network.text_in("+33639980003", line.office.phone, "Ma carte est perdue", sid="SM1").status_code == 200
        )

    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.subject) == ("phone", "Ma carte est perdue")
    assert ticket.work_items.get().kind == "message"


def test_a_call_that_came_in_by_another_caller_is_connected_as_well(line: Line):
    ring = {"CallSid": "CAoutside", "From": "+33639980009", "To": line.office.phone, "CallStatus": "ringing"}
    line.network.webhooks.post("/ivr/voice", ring)
    line.network.webhooks.post("/ivr/menu?node=way&tries=0", {**ring, "Digits": "1"})

    work.take_next(Principal.of_service())

    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert soon(lambda: line.network.calls["CAoutside"].state.startswith("conference"))


def test_audio_that_is_not_ready_yet_is_asked_for_again(line: Line):
    line.call("15", number="+33639980010").wait_for("completed", timeout=2)
    call = Call.objects.get()
    voicemail.fetch(call, "REnotyet")

    carry_due(Provider())

    command = Command.objects.get(kind="fetch")
    assert (command.done_at, command.error) == (None, "not there yet")
