"""Webhooks come late, twice and in any order: nobody is lost, nobody is there twice, no leg is left alone."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import services as desk
from contactcenter.desk import work
from contactcenter.people.models import ContactPoint
from contactcenter.reports.models import Alarm
from contactcenter.routing import presence, sweeps
from contactcenter.routing.models import Assignment, Presence, WorkItem
from contactcenter.tickets.models import Ticket
from ivr.carry import carry_due
from ivr.models import Call, Command, Leg
from ivr.provider import Provider
from ivr.services import voicemail
from ivr.sweeps import ask_after, sweep_audio, sweep_undialled
from tests.factories import an_agent
from tests.ivr.conftest import Line, soon

SERVICE = Principal.of_service()


def ring(line: Line, sid: str = "CAorder") -> dict[str, str]:
    return {"CallSid": sid, "From": "+33639980001", "To": line.office.phone, "CallStatus": "ringing"}


def unfinished() -> list[tuple[str, str]]:
    return sorted(WorkItem.objects.unfinished().values_list("kind", "state"))


def posts(line: Line, *steps: tuple[str, dict[str, str]]) -> None:
    for path, params in steps:
        assert line.network.webhooks.post(path, {**ring(line), **params}).status_code in (200, 204)


VOICE = ("/ivr/voice", {})
ENDED = ("/ivr/status", {"CallStatus": "completed"})
CHOICES = {
    "wait": (("/ivr/menu?node=way&tries=0", {"Digits": "1"}), "callback"),
    "callback": (("/ivr/menu?node=way&tries=0", {"Digits": "2"}), "callback"),
    "message": (("/ivr/menu?node=way&tries=0", {"Digits": "3"}), "message"),
}


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_whatever_comes_first_what_the_caller_chose_is_kept(line: Line, choice: str, order: tuple[int, ...]):
    step, kept = CHOICES[choice]
    told = [VOICE, step, ENDED]

    posts(line, *[told[number] for number in order], *[told[number] for number in order])

    posts(line, ENDED)
    assert unfinished() == [(kept, "waiting")]
    assert Ticket.objects.count() == 1


def conversation(line: Line, by: Principal = SERVICE):
    call = line.call("111")
    assert call.wait_for("queued")
    taken = work.take_next(by)
    assert taken
    assert line.carry(lambda: Call.objects.get().state == "connected")
    return call, taken.work_item


def agents_leg(line: Line):
    return next(leg for leg in line.network.calls.values() if leg.outgoing)


def there() -> Principal:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def test_when_all_is_done_and_the_agent_leaves_the_caller_is_not_parked_for_nobody(line: Line):
    call, item = conversation(line)
    work.done(item.pk, SERVICE)

    agents_leg(line).hang_up()

    assert line.carry(lambda: Call.objects.get().state == "ended")
    call.join_end()
    assert unfinished() == []


def test_a_call_given_back_drops_the_agent_and_waits_at_its_place(line: Line):
    by = there()
    call, item = conversation(line, by)

    work.release(item.pk, by)

    assert line.carry(lambda: call.state == "queued" and agents_leg(line).state == "completed")
    fresh = WorkItem.objects.get()
    assert (fresh.state, fresh.enqueued_at) == ("waiting", item.enqueued_at)
    taken = work.take_next(there())
    assert taken
    assert line.carry(lambda: Call.objects.get().state == "connected")


def test_a_conversation_is_held_by_its_legs_and_ends_in_wrap_up(line: Line):
    by = there()
    call, item = conversation(line, by)
    assert Assignment.objects.get().lease_until is None
    presence.set_presence(by.agent_id or 0, Presence.OFFLINE, actor="system")
    sweeps.sweep_leases()
    assert WorkItem.objects.get().stage == "connected"

    call.hang_up()
    call.join_end()

    assert soon(lambda: WorkItem.objects.get().stage == "wrap_up")
    Assignment.objects.update(lease_until=timezone.now())
    assert sweeps.sweep_leases() == 1
    assert (WorkItem.objects.get().state, WorkItem.objects.get().outcome) == ("done", "served")
    assert item.pk == WorkItem.objects.get().pk


def test_a_called_back_person_s_conversation_keeps_its_lease(line: Line):
    by = there()
    line.call("222").join_end()
    item = WorkItem.objects.get(kind="callback")
    work.take(item.pk, by)
    assert line.carry(lambda: Call.objects.filter(outgoing=True, connected_at__isnull=False).exists())

    assert Assignment.objects.get(work_item=item, ended_at=None).lease_until is None


def test_a_call_that_was_taken_and_never_dialled_goes_back_by_itself(line: Line):
    call = line.call("111")
    assert call.wait_for("queued")
    item = WorkItem.objects.get()
    from contactcenter.routing.services import take  # the desk was killed before it asked the phone

    take(item.pk, SERVICE)
    assert sweep_undialled() == 0
    Assignment.objects.update(started_at=timezone.now() - timedelta(seconds=31))

    assert sweep_undialled() == 1
    assert WorkItem.objects.get().state == "waiting"


def test_a_call_that_is_being_dialled_stays_with_its_agent(line: Line):
    call = line.call("111")
    assert call.wait_for("queued")
    work.take_next(SERVICE)
    Assignment.objects.update(started_at=timezone.now() - timedelta(seconds=31))

    assert sweep_undialled() == 0


def test_who_chooses_a_callback_while_the_agent_is_dialled_is_called_back_once(line: Line):
    posts(line, VOICE, CHOICES["wait"][0])
    by = there()
    work.take_next(by)
    leg = Leg.objects.get()
    Leg.objects.filter(pk=leg.pk).update(sid="CAagent")

    posts(line, ("/ivr/wait-key", {"Digits": "2"}), ("/ivr/queued", {"QueueResult": "leave"}))
    line.network.webhooks.post(f"/ivr/agent?call={leg.call_id}&leg={leg.pk}", {"CallSid": "CAagent"})
    line.network.webhooks.post(f"/ivr/status?leg={leg.pk}", {"CallSid": "CAagent", "CallStatus": "completed"})
    posts(line, ENDED)

    assert unfinished() == [("callback", "waiting")]
    assert Command.objects.filter(kind="hang_up", leg=leg).exists()
    assert not Command.objects.filter(kind="move").exists()


def test_a_caller_who_leaves_before_the_agent_is_dialled_spares_the_dial(line: Line):
    posts(line, VOICE, CHOICES["wait"][0])
    work.take_next(there())
    posts(line, ENDED)

    carry_due(Provider())

    assert not [leg for leg in line.network.calls.values() if leg.outgoing]
    assert unfinished() == [("callback", "waiting")]


def test_an_agent_who_comes_to_a_caller_who_has_gone_is_not_left_alone(line: Line):
    call = line.call("111")
    assert call.wait_for("queued")
    line.network.repeat_status = 0  # its end is never told
    work.take_next(SERVICE)
    assert line.carry(lambda: Command.objects.filter(kind="dial_agent", done_at__isnull=False).exists())
    call.hang_up()
    call.join_end()

    assert line.carry(lambda: agents_leg(line).state == "completed")
    assert soon(lambda: Call.objects.get().state == "ended")


def test_one_command_that_breaks_does_not_stop_the_others(line: Line):
    broken = Command.objects.create(kind="sms", key="broken", delivery_id=987654)  # there is no such delivery
    line.call("111").wait_for("queued")
    work.take_next(SERVICE)

    assert line.carry(lambda: Call.objects.get().state == "connected")
    broken.refresh_from_db()
    assert "DoesNotExist" in broken.error
    assert broken.done_at is None


def test_audio_that_could_not_be_had_is_told_on_the_ticket_and_by_an_alarm(line: Line):
    line.call("15", number="+33639980010").wait_for("completed", timeout=2)
    call = Call.objects.get()
    voicemail.fetch(call, "REneverthere")
    for _ in range(12):
        Command.objects.update(due_at=timezone.now())
        carry_due(Provider())

    sweep_audio()

    assert call.ticket.events.get(kind="interaction.incomplete").data["missing"] == "audio"
    assert call.ticket.reference in Alarm.objects.get(kind="audio_lost", closed_at=None).text


def test_a_callback_to_nobody_s_number_is_an_answer_that_could_not_be_delivered(line: Line):
    line.call("153", number="+33199000007", message="Rappelez-moi").join_end()
    ticket = Ticket.objects.get()
    desk.reply(ticket.reference, "Votre carte est prête.", SERVICE, means="callback")
    Ticket.objects.update(answer_to=None)
    ContactPoint.objects.all().delete()
    item = ticket.work_items.get(kind="callback")

    work.take(item.pk, SERVICE)

    assert unfinished() == [("undelivered", "waiting")]
    assert ticket.deliveries.get(means="callback").state == "failed"


def test_an_end_that_was_never_told_is_found_out(line: Line):
    call = line.call("111")
    assert call.wait_for("queued")
    line.network.faults.drop = lambda _params: True  # nothing at all is told
    call.hang_up()
    call.join_end()
    assert ask_after(Provider()) == 0
    Call.objects.update(started_at=timezone.now() - timedelta(minutes=3))

    assert ask_after(Provider()) == 1
    assert unfinished() == [("callback", "waiting")]


def test_calls_that_the_provider_does_not_know_stand_before_no_other(line: Line, monkeypatch):
    monkeypatch.setattr("ivr.sweeps.AT_ONCE", 2)
    for number in range(3):
        posts(line, ("/ivr/voice", {"CallSid": f"CAnobody{number}"}))
    call = line.call("111", number="+33639980077")
    assert call.wait_for("queued")
    line.network.faults.drop = lambda _params: True
    call.hang_up()
    call.join_end()
    Call.objects.update(started_at=timezone.now() - timedelta(minutes=3))

    assert sum(ask_after(Provider()) for _ in range(2)) == 1
    assert Call.objects.get(sid=call.sid).state == "ended"


def test_a_call_the_provider_does_not_know_is_not_ended(line: Line):
    posts(line, VOICE, CHOICES["wait"][0])
    Call.objects.update(started_at=timezone.now() - timedelta(minutes=3))

    assert ask_after(Provider()) == 0
    assert unfinished() == [("call", "waiting")]
