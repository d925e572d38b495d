"""Conversations are recorded only where an office turned it on: announced, refusable, paused, kept for a time."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.desk import work
from contactcenter.reports.models import Alarm
from contactcenter.routing import presence
from contactcenter.routing.models import Agent, Presence
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket, TicketEvent
from ivr import checkup, sealed, sweeps
from ivr.carry_tapes import ask_after
from ivr.models import Call, Command, Leg, ThirdParty
from ivr.provider import Provider
from ivr.services import doors, tapes, taping
from ivr.simulator.recordings import Recording
from ivr.tapes import Tape, TapeNotice, TapeRule
from tests.contracts.asking import asking_as
from tests.factories import a_user, an_office
from tests.ivr.conftest import Line, soon

NOTICE = "cette conversation sera enregistrée"


@pytest.fixture
def rule(line: Line) -> TapeRule:
    """The office records every conversation."""
    today = timezone.localdate()
    made = TapeRule.objects.create(office=line.office, on=True, share=100, keep_days=30, staff_informed_on=today)
    doors.forget()
    return made


def heard(call) -> str:
    return " ".join(call.heard)


def connected(line: Line, keys: "list[str | None] | str" = "111", **more):
    """A caller who talks to an agent: both, and the agent's way to the API."""
    user = a_user()
    by = principal_for(user)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    call = line.call(keys, **more)
    assert call.wait_for("queued")
    assert work.take_next(by)
    assert line.carry(lambda: Call.objects.get(sid=call.sid).state == "connected")
    return call, by, asking_as(user)


def recorded(line: Line, **more):
    call, by, mine = connected(line, **more)
    assert line.carry(lambda: Tape.objects.filter(state="runs").exists())
    return call, by, mine


def a_colleague() -> Agent:
    agent: Agent = a_user().agent
    presence.set_presence(agent.pk, Presence.AVAILABLE, actor=f"agent:{agent.pk}")
    return agent


def is_there(line: Line) -> Recording:
    (recording,) = line.network.recordings.values()
    return recording


def kinds() -> list[str]:
    return [kind for kind in TicketEvent.objects.order_by("pk").values_list("kind", flat=True) if "record" in kind]


def kept(line: Line, call) -> Tape:
    call.hang_up()
    call.join_end()
    assert line.carry(lambda: Tape.objects.filter(state="kept").exists() and not line.network.recordings)
    return Tape.objects.get()


def test_nothing_is_recorded_nor_announced_unless_an_office_turned_it_on(line: Line):
    call, _by, mine = connected(line)

    assert NOTICE not in heard(call)
    assert mine.get(f"/calls/{call.sid}").json()["recording"] is None
    assert mine.post(f"/calls/{call.sid}/recording", {"do": "pause"}).status_code == 422
    assert not Tape.objects.exists()
    assert not TapeNotice.objects.exists()


def test_who_waits_is_told_first_and_is_recorded_once_somebody_answers(line: Line, rule: TapeRule):
    call = line.call("111")
    assert call.wait_for("queued")
    assert NOTICE in heard(call)
    assert not line.network.recordings
    call.hang_up()
    call.join_end()

    second, _by, mine = recorded(line, number="+33639980002")

    assert mine.get(f"/calls/{second.sid}").json()["recording"] == "runs"
    assert is_there(line).call_sid == second.sid
    assert kept(line, second).seconds


def test_one_key_refuses_and_the_person_is_answered_all_the_same(line: Line, rule: TapeRule):
    call, _by, mine = connected(line, ["1", "1", "1", "1"])

    assert "ne sera pas enregistrée" in heard(call)
    assert mine.get(f"/calls/{call.sid}").json()["recording"] == "refused"
    assert not Tape.objects.exists()
    assert not line.network.recordings


def test_whom_we_call_is_told_before_they_meet_the_agent(line: Line, rule: TapeRule, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 3600.0)
    line.network.replies["+33639980001"] = lambda leg: "" if NOTICE in leg.heard[-1] else "1"
    line.call("122").join_end()
    by = principal_for(a_user())
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)

    assert work.take_next(by)

    assert line.carry(lambda: Tape.objects.filter(state="runs").exists())
    theirs = next(leg for leg in line.network.calls.values() if leg.outgoing and leg.number == "+33639980001")
    agents = next(leg for leg in line.network.calls.values() if leg.number.startswith("client:"))
    assert [one for one in theirs.trail if one == "Gather"] == ["Gather", "Gather"]
    assert "elle sera enregistrée" in heard(agents)


def test_a_language_in_which_nothing_says_so_is_not_recorded(line: Line, rule: TapeRule):
    call = line.call("111")
    assert call.wait_for("queued")
    TapeNotice.objects.all().delete()
    Call.objects.update(language="ps")  # no voice speaks it
    by = principal_for(a_user())
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    work.take_next(by)

    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert not Tape.objects.exists()


def test_the_lot_leaves_most_conversations_alone(line: Line, rule: TapeRule):
    rule.share = 10
    drawn = sum(taping._is_drawn(Call(pk=number), rule) for number in range(1000))

    assert 50 < drawn < 160


def test_an_agent_pauses_and_goes_on_and_a_hold_pauses_by_itself(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)
    address = f"/calls/{call.sid}/recording"

    assert mine.post(address, {"do": "pause"}).json()["recording"] == "pausing"
    assert line.carry(lambda: is_there(line).status == "paused" and Tape.objects.get().state == "paused")
    assert mine.get(f"/calls/{call.sid}").json()["recording"] == "paused"
    mine.post(f"/calls/{call.sid}/hold")
    mine.post(f"/calls/{call.sid}/resume")
    assert Tape.objects.get().pause == "agent"  # the hold ends, the agent's pause does not
    mine.post(address, {"do": "go-on"})
    assert line.carry(lambda: is_there(line).status == "in-progress" and Tape.objects.get().state == "runs")

    mine.post(f"/calls/{call.sid}/hold")
    assert mine.post(address, {"do": "go-on"}).status_code == 422
    assert line.carry(lambda: is_there(line).status == "paused")
    mine.post(f"/calls/{call.sid}/resume")
    assert line.carry(lambda: is_there(line).status == "in-progress" and Tape.objects.get().state == "runs")
    assert kinds() == ["call.recorded", *["call.recording_paused", "call.recording_resumed"] * 2]


def test_where_a_colleague_goes_on_with_a_person_on_hold_the_recording_goes_on_too(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)
    mine.post(f"/calls/{call.sid}/transfer", {"agent": a_colleague().pk, "warm": True})
    assert line.carry(lambda: Leg.objects.filter(kind="agent").exclude(joined_at=None).count() == 2)
    mine.post(f"/calls/{call.sid}/hold")
    assert line.carry(lambda: is_there(line).status == "paused" and Tape.objects.get().state == "paused")

    next(leg for leg in line.network.calls.values() if leg.outgoing).hang_up()

    assert line.carry(lambda: is_there(line).status == "in-progress" and Tape.objects.get().state == "runs")


def test_who_refuses_while_they_talk_is_recorded_no_longer_and_never_heard(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)

    assert mine.post(f"/calls/{call.sid}/recording", {"do": "erase"}).json()["recording"] == "refused"

    assert line.carry(lambda: not line.network.recordings and Tape.objects.get().state == "erased")
    assert Call.objects.get().state == "connected"
    assert not Command.objects.filter(kind="fetch_tape").exists()
    assert kinds()[-1] == "recording.erased"


def test_what_a_lost_agent_leaves_behind_is_not_recorded(line: Line, rule: TapeRule):
    call, _by, _mine = recorded(line)
    agent = next(leg for leg in line.network.calls.values() if leg.outgoing)

    agent.hang_up()

    assert line.carry(lambda: call.state == "queued")
    assert line.carry(lambda: Tape.objects.filter(state="kept").exists())
    assert call.state == "queued"


def test_an_interpreter_is_told_too(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number="+33199000077")
    listed.offices.add(line.office)

    mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk})

    assert line.carry(lambda: Leg.objects.filter(kind="third_party", joined_at__isnull=False).exists())
    leg = next(leg for leg in line.network.calls.values() if leg.number == listed.number)
    assert soon(lambda: "enregistrée" in heard(leg))


def test_who_comes_in_while_the_agent_is_dialled_anew_hears_that_it_will_be_recorded(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)
    listed = ThirdParty.objects.create(name="Interprètes", role="interpreter", number="+33199000077")
    listed.offices.add(line.office)
    mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk})
    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap"})
    Call.objects.get().tapes.update(state="ended")  # the person is parked
    leg = Leg.objects.get(kind="third_party")

    answer = line.network.webhooks.post(f"/ivr/guest?leg={leg.pk}", {"CallSid": "CAguest"})

    assert "Elle est enregistrée" in answer.text


def test_where_the_provider_refuses_the_conversation_goes_on_and_the_agent_sees_it(line: Line, rule: TapeRule):
    line.network.faults.refuse_recording = True
    call, _by, mine = connected(line)

    assert line.carry(lambda: Tape.objects.filter(state="none").exists())
    assert mine.get(f"/calls/{call.sid}").json()["recording"] == "failed"
    assert soon(lambda: call.state.startswith("conference"))
    assert kinds() == ["call.recording_failed"]


def test_a_pause_that_the_provider_refuses_is_said_and_can_be_tried_again(line: Line, rule: TapeRule):
    call, _by, mine = recorded(line)
    line.network.faults.refuse_recording = True
    address = f"/calls/{call.sid}/recording"

    mine.post(address, {"do": "pause"})
    assert line.carry(lambda: Tape.objects.get().trouble == "pause")
    assert mine.get(f"/calls/{call.sid}").json()["recording"] == "disobeyed"
    line.network.faults.refuse_recording = False
    mine.post(address, {"do": "pause"})

    assert line.carry(lambda: Tape.objects.get().state == "paused")


def test_an_end_told_twice_and_before_the_beginning_is_one_recording(line: Line, rule: TapeRule):
    line.network.faults.drop = lambda params: "RecordingStatus" in params
    call, _by, _mine = recorded(line)
    begun, tape = is_there(line), Tape.objects.get()
    Tape.objects.update(state="wanted", sid="")  # the answer to our request has not come yet
    call.hang_up()
    call.join_end()

    for status in ("completed", "in-progress", "completed", "absent"):
        told = {"CallSid": call.sid, "RecordingSid": begun.sid, "RecordingStatus": status, "RecordingDuration": "12"}
        line.network.webhooks.post(f"/ivr/tape?tape={tape.pk}", told)

    assert line.carry(lambda: Tape.objects.get().state == "kept" and not line.network.recordings)
    assert Tape.objects.get().seconds == 12
    assert Command.objects.filter(kind="fetch_tape").count() == 1


def test_a_recording_whose_end_nobody_told_is_asked_after(line: Line, rule: TapeRule):
    line.network.faults.drop = lambda params: "RecordingStatus" in params
    call, _by, _mine = recorded(line)
    call.hang_up()
    call.join_end()
    assert soon(lambda: Call.objects.get().state == "ended")
    assert ask_after(Provider()) == 0  # it may still be told
    Tape.objects.update(started_at=timezone.now() - timedelta(minutes=5))

    assert ask_after(Provider()) == 1
    assert line.carry(lambda: Tape.objects.get().state == "kept" and not line.network.recordings)


def test_a_recording_begun_by_a_request_whose_answer_was_lost_is_not_begun_again(line: Line, rule: TapeRule):
    line.network.faults.drop = lambda params: "RecordingStatus" in params
    call, _by, _mine = recorded(line)
    first = is_there(line).sid
    Tape.objects.update(state="wanted", sid="")
    Command.objects.filter(kind="tape").update(attempts=1, done_at=None, due_at=timezone.now())

    assert line.carry(lambda: Tape.objects.get().state == "runs")
    assert (Tape.objects.get().sid, is_there(line).sid) == (first, first)
    assert not call.is_over


def test_an_address_that_somebody_sends_is_never_asked_and_a_stranger_is_deleted(line: Line, rule: TapeRule):
    call, _by, _mine = recorded(line)
    told = {"RecordingStatus": "completed", "RecordingSid": "REother", "RecordingUrl": "http://127.0.0.1:9/x"}
    path = f"/ivr/tape?tape={Tape.objects.get().pk}"

    for more in (told, told | {"RecordingSid": "../../Calls"}):
        assert line.network.webhooks.post(path, {"CallSid": call.sid, **more}).status_code == 204
    assert line.network.webhooks.post("/ivr/tape?tape=999999", told).status_code == 204

    assert Tape.objects.get().state == "runs"
    assert not Command.objects.filter(kind="fetch_tape").exists()
    assert Command.objects.get(kind="delete").argument == "REother"


def test_it_lies_sealed_and_is_played_by_those_it_was_made_for_and_each_time_is_traced(
    line: Line, rule: TapeRule, tmp_path
):
    call, by, _mine = recorded(line)
    tape = kept(line, call)
    (file,) = (tmp_path / "tapes").iterdir()
    page = f"/desk/recordings/{tape.pk}/"

    def ask(user) -> int:
        client = Client()
        client.force_login(user)
        answer = client.get(page)
        if answer.status_code == 200:
            audio = b"".join(answer.streaming_content)
            assert (audio[:4], len(audio)) == (b"RIFF", int(answer["Content-Length"]))
        return answer.status_code

    chief, colleague, stranger = a_user("supervisor"), a_user(), a_user("supervisor", office=an_office("lirande"))
    assert [ask(one) for one in (chief, User.objects.get(pk=by.user_id), colleague, stranger)] == [200, 200, 404, 404]
    assert Client().get(page).status_code == 302
    assert b"RIFF" not in file.read_bytes()
    played = TicketEvent.objects.filter(kind="recording.played")
    assert sorted(played.values_list("actor", flat=True)) == sorted([by.actor, principal_for(chief).actor])


def test_the_tickets_page_says_it_in_words_and_plays_what_was_kept(line: Line, rule: TapeRule):
    call, by, _mine = recorded(line)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=by.user_id))
    page = f"/desk/tickets/{Ticket.objects.get().reference}/"

    running = client.get(page).content.decode()
    client.post(f"/desk/calls/{call.sid}/recording/", {"do": "pause"})
    paused = client.get(page).content.decode()
    tape = kept(line, call)
    over = client.get(page).content.decode()

    assert "This conversation is recorded." in running
    assert "It is still recorded: the recording is being paused." in paused
    assert f"/desk/recordings/{tape.pk}/" in over
    assert "records 100 conversations in a hundred" in " ".join(finding.text for finding in checkup.recording())


def test_after_its_time_a_recording_and_its_key_are_gone_and_a_shorter_time_counts_at_once(
    line: Line, rule: TapeRule, tmp_path
):
    call, _by, _mine = recorded(line)
    tape = kept(line, call)
    assert tapes.sweep_tapes() == 0
    Tape.objects.update(ended_at=timezone.now() - timedelta(days=8))
    rule.keep_days = 7
    rule.save()

    assert (tapes.sweep_tapes(), tapes.sweep_tapes()) == (1, 0)

    tape.refresh_from_db()
    assert (tape.state, tape.key, tape.file) == ("erased", "", "")
    assert not list((tmp_path / "tapes").iterdir())
    assert TicketEvent.objects.get(kind="recording.erased").data["why"] == "retention"
    chief = Client()
    chief.force_login(a_user("supervisor"))
    assert chief.get(f"/desk/recordings/{tape.pk}/").status_code == 404


def test_audio_that_cannot_be_had_is_an_alarm_until_it_is_erased(line: Line, rule: TapeRule, monkeypatch):
    monkeypatch.setattr(Recording, "wav", lambda self: b"<html>502 Bad Gateway</html>")
    call, _by, _mine = recorded(line)
    call.hang_up()
    call.join_end()
    assert line.carry(lambda: Command.objects.filter(kind="fetch_tape").exclude(error="").exists())
    Command.objects.filter(kind="fetch_tape").update(attempts=9, due_at=timezone.now())

    assert line.carry(lambda: Tape.objects.get().trouble == "audio")
    tapes.lost(Tape.objects.get().pk)  # an hour later it was tried anew
    assert TicketEvent.objects.filter(kind="recording.lost").count() == 1
    assert sweeps.sweep_tape_audio() == (1, 0)
    assert Ticket.objects.get().reference in Alarm.objects.get(closed_at=None).text
    Tape.objects.update(keep_until=timezone.now())
    tapes.sweep_tapes()
    assert sweeps.sweep_tape_audio() == (0, 1)


def test_the_administration_turns_it_on_and_its_history_says_what_was_changed(line: Line):
    chief = Client(headers={"accept-language": "en"})
    admin = a_user("administrator")
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    chief.force_login(admin)
    form = {"office": line.office.pk, "on": "on", "share": "10", "keep_days": "90", "staff_informed_on": ""}

    refused = chief.post("/admin/ivr/taperule/add/", form)
    too_long = chief.post("/admin/ivr/taperule/add/", form | {"keep_days": "181", "staff_informed_on": "2026-01-05"})
    made = chief.post("/admin/ivr/taperule/add/", form | {"staff_informed_on": "2026-01-05"})
    rule = TapeRule.objects.get()
    chief.post(f"/admin/ivr/taperule/{rule.pk}/change/", form | {"keep_days": "30", "staff_informed_on": "2026-01-05"})

    assert [refused.status_code, too_long.status_code, made.status_code] == [200, 200, 302]
    assert "keep_days: 90 → 30" in LogEntry.objects.latest("pk").get_change_message()
    assert doors.of(line.office.phone).tape_rule.keep_days == 30


def test_a_sealed_file_opens_whole_or_not_at_all(settings, tmp_path):
    settings.CC_DATA_DIR = tmp_path
    kept = sealed.keep(iter([b"a" * 10, b"b" * 10, b"c"]))
    file = tmp_path / "tapes" / kept.name

    assert (b"".join(sealed.read(kept.name, kept.key)), kept.size) == (b"a" * 10 + b"b" * 10 + b"c", 21)
    file.write_bytes(file.read_bytes()[:-33])  # without the last piece
    with pytest.raises(ValueError, match="cut off"):
        list(sealed.read(kept.name, kept.key))
