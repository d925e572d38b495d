"""What is told twice, late, or while the database is away is heard once, and whoever asks again hears the same."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.utils import timezone

from contactcenter.pulse import pulse
from contactcenter.receipts.models import Receipt
from contactcenter.reports.calls import Fate, calls_between
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Attachment, Ticket
from ivr import fallback, spool
from ivr.models import Call, Command, Told
from ivr.provider import Provider
from ivr.reconcile import find_unheard
from ivr.replay import carry_in
from ivr.services import calls, doors, hearing
from ivr.simulator import documents
from ivr.simulator.faults import Faults
from ivr.simulator.network import Text
from ivr.simulator.recordings import Recording
from ivr.twiml import LARGEST_QUEUE, PARKED
from tests.factories import an_office
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import ENDED, posts, ring, unfinished

PARIS = ZoneInfo("Europe/Paris")
AGAIN = "the-same-token"


def test_the_parking_place_is_made_as_large_as_the_provider_allows(line: Line):
    line.network.queues.named(PARKED)  # made on demand, by a caller who came first

    Provider().make_room(PARKED, LARGEST_QUEUE)
    Provider().make_room("another", LARGEST_QUEUE)

    assert {(one.name, one.max_size) for one in line.network.queues.all.values()} == {(PARKED, 5000), ("another", 5000)}


def test_a_day_of_more_calls_than_one_page_holds_is_read_to_its_end(line: Line, monkeypatch):
    monkeypatch.setattr("ivr.provider.PAGE", 2)
    for number in range(5):
        line.network.call_in(f"+3363998000{number}", line.office.phone, "", patient=False)

    found = Provider().calls(since=timezone.now())

    assert len({one["sid"] for one in found}) == 5


def test_a_request_made_again_gets_the_same_document_and_nothing_happens_twice(line: Line):
    posts(line, ("/ivr/voice", {}))
    key = {**ring(line), "Digits": "8"}  # a key that this node does not know counts one try

    answers = {line.network.webhooks.post("/ivr/menu?node=way&tries=0", key, token=AGAIN).text for _ in range(3)}

    assert len(answers) == 1
    assert Told.objects.count() == 2  # the ring, and the key


def test_two_at_the_same_moment_do_it_once_and_say_the_same(line: Line):
    posts(line, ("/ivr/voice", {}))
    start, answers = threading.Barrier(4), []

    def ask() -> None:
        start.wait()
        form = {**ring(line), "Digits": "1"}
        answers.append(line.network.webhooks.post("/ivr/menu?node=way&tries=0", form, token=AGAIN).text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert WorkItem.objects.filter(kind="call").count() == 1


def test_the_same_token_of_another_call_or_to_another_door_is_another_request(line: Line):
    for sid, path in (("CAone", "/ivr/voice"), ("CAtwo", "/ivr/voice"), ("CAone", "/ivr/wait")):
        line.network.webhooks.post(path, ring(line, sid), token=AGAIN)

    assert Told.objects.count() == 3


def test_what_was_said_is_forgotten_after_a_day(line: Line):
    posts(line, ("/ivr/voice", {}))
    Told.objects.update(told_at=timezone.now() - timedelta(days=2))
    posts(line, ("/ivr/wait", {}))

    assert hearing.forget() == 1
    assert Told.objects.count() == 1


@pytest.mark.parametrize("fault", [{"duplicate": 3}, {"delay_s": 200.0}, {"reorder": True}, {"repeat_requests": 3}])
@pytest.mark.parametrize("keys", ["11", "112", "113"])
def test_whatever_goes_wrong_on_the_way_each_call_is_one_ticket(line: Line, keys: str, fault: dict):
    line.network.faults = Faults(**fault)
    call = line.call([*keys], message="Bonjour")
    call.wait_for("queued", timeout=3)
    call.hang_up()
    call.join_end()

    assert soon(lambda: Call.objects.get().state == "ended")
    assert Ticket.objects.count() == 1
    assert soon(lambda: not WorkItem.objects.filter(kind="call", state="waiting").exists())
    assert WorkItem.objects.filter(state="waiting").count() <= 1
    assert not call.errors


class Away:
    """A database that is away for the webhooks of this test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.setattr(pulse, "_knock", lambda: None)  # else one that is under way tells the contrary afterwards
        monkeypatch.setattr("contactcenter.pulse.answers", lambda: False)
        monkeypatch.setattr(pulse, "is_away", True)

    def comes_back(self) -> None:
        self._monkeypatch.setattr("contactcenter.pulse.answers", lambda: True)
        self._monkeypatch.setattr(pulse, "is_away", False)


@pytest.fixture
def away(line: Line, monkeypatch) -> Away:
    doors.forget()
    return Away(monkeypatch)


def test_while_the_database_is_away_a_caller_chooses_a_language_and_leaves_a_message_in_it(line: Line, away: Away):
    call = line.call(["3"], message="Bonjour").join_end()

    assert not call.errors
    assert call.trail[:3] == ["Gather", "Say", "Record"]
    assert "ar-" in call.script[-1].language or call.script[-1].language == "arb"
    assert Ticket.objects.count() == 0


def test_what_was_said_meanwhile_is_one_ticket_with_its_message_afterwards(line: Line, away: Away):
    calls = [line.call(["2"], number=f"+3363998000{n}", message="Hello").join_end() for n in range(3)]
    assert len(spool.waiting()) >= 9
    assert soon(lambda: len(spool.waiting()) == 15)  # rung, chosen, recorded, the audio, the end; three times
    away.comes_back()

    assert carry_in() == 15

    assert Ticket.objects.count() == 3
    assert WorkItem.objects.filter(kind="message", state="waiting").count() == 3
    assert {call.language for call in Call.objects.all()} == {"en"}
    assert {call.sid for call in Call.objects.filter(state="ended")} == {call.sid for call in calls}
    assert line.carry(lambda: all(t.interactions.get().attachments.exists() for t in Ticket.objects.all()))
    assert spool.waiting() == []


def test_audio_that_is_told_before_the_call_is_carried_in_begins_no_call_without_number_or_line(line: Line, away: Away):
    another = an_office("ailleurs")
    voice = {**ring(line), "To": another.phone}
    told = {"CallSid": voice["CallSid"], "RecordingSid": "REearly"}  # who called whom is not told with the audio
    line.network.webhooks.post("/ivr/voice", voice)
    line.network.webhooks.post("/ivr/recorded", {**voice, "RecordingSid": "REearly"})
    away.comes_back()

    answer = line.network.webhooks.post("/ivr/recording", {**told, "RecordingStatus": "completed"})
    assert answer.status_code == 204
    assert not Call.objects.exists()
    carry_in()

    call = Call.objects.select_related("ticket").get()
    assert (call.number, call.line, call.ticket.office) == (voice["From"], another.phone, another)
    assert unfinished() == [("message", "waiting")]
    assert call.ticket.deliveries.filter(purpose="receipt").exists()
    assert Command.objects.filter(kind="fetch", call=call).count() == 1


def test_who_says_nothing_while_the_database_is_away_is_asked_again_and_then_waits_for_somebody(line: Line, away: Away):
    call = line.call(["2"], patient=True)
    assert call.wait_for("queued")
    assert "Your message is kept" not in " ".join(call.heard)
    away.comes_back()
    carry_in()

    assert unfinished() == [("call", "waiting")]
    assert Ticket.objects.count() == 1
    assert not call.errors


def test_what_is_kept_is_encrypted_and_private(line: Line, away: Away):
    line.call([None]).join_end()

    file = spool.waiting()[0]
    assert b"3363998" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_who_waits_goes_on_waiting_and_may_leave_a_message_instead(line: Line, monkeypatch):
    stays, speaks = line.call("11", patient=True), line.call("11", number="+33639980002", message="Bonjour")
    assert stays.wait_for("queued")
    assert speaks.wait_for("queued")
    before = sorted(unfinished())
    away = Away(monkeypatch)
    speaks.press("3")
    speaks.join_end()
    assert stays.state == "queued"
    away.comes_back()
    carry_in()

    assert before == [("call", "waiting")] * 2
    assert soon(lambda: unfinished() == [("call", "waiting"), ("message", "waiting")])
    assert Ticket.objects.count() == 2


def test_a_request_that_was_done_before_the_database_went_is_not_done_again(line: Line, monkeypatch):
    posts(line, ("/ivr/voice", {}))
    form = {**ring(line), "Digits": "1"}
    line.network.webhooks.post("/ivr/menu?node=way&tries=0", form, token=AGAIN)
    away = Away(monkeypatch)
    line.network.webhooks.post("/ivr/menu?node=way&tries=0", form, token=AGAIN)
    away.comes_back()

    assert carry_in() == 1
    assert Told.objects.filter(key__isnull=False).count() == 2
    assert WorkItem.objects.count() == 1


def test_while_it_is_still_away_nothing_is_lost_and_what_no_door_takes_holds_up_nobody(line: Line, away: Away):
    line.network.webhooks.post("/ivr/voice", ring(line))
    assert carry_in() == 0
    assert len(spool.waiting()) == 1
    spool.keep(spool.Spooled(path="/ivr/nowhere", params={}, token="", at=0.0))
    away.comes_back()

    assert carry_in() == 1
    assert (spool.waiting(), len(spool.refused())) == ([], 1)


def test_an_error_of_the_database_in_the_middle_is_answered_as_if_it_were_away(line: Line, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(calls, "begin", broken)
    answer = line.network.webhooks.post("/ivr/voice", ring(line))

    assert "<Gather" in answer.text
    assert len(spool.waiting()) == 1


@pytest.mark.parametrize("path", ["/ivr/status", "/ivr/sms-status", "/ivr/recording"])
def test_an_event_that_cannot_be_kept_is_told_to_have_failed(line: Line, away: Away, settings, path: str):
    settings.CC_DATA_DIR = "/dev/null"

    assert line.network.webhooks.post(path, ring(line)).status_code == 500
    assert line.network.webhooks.post("/ivr/voice", ring(line)).status_code == 200


def test_a_text_that_comes_meanwhile_is_a_request_afterwards(line: Line, away: Away):
    assert line.network.text_in("+33639980003", line.office.phone, "Ma carte est perdue").status_code == 200
    away.comes_back()
    carry_in()

    assert Ticket.objects.get().subject == "Ma carte est perdue"


def kept_at(file: Path, at: datetime) -> None:
    """It had been kept at another time."""
    spooled = spool.read(file)
    spool.done(file)
    spool.keep(replace(spooled, at=at.timestamp()))


def last_night() -> datetime:
    """Two minutes before the last midnight, by the office's clock."""
    today = timezone.localtime(timezone=PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(minutes=2)


def test_a_text_that_was_kept_before_midnight_was_received_before_midnight(line: Line, away: Away):
    line.network.text_in("+33639980003", line.office.phone, "Ma carte est perdue")
    kept_at(spool.waiting()[0], last_night())
    away.comes_back()
    carry_in()

    ticket = Ticket.objects.get()
    assert ticket.opened_at == ticket.interactions.get(direction="in").occurred_at == last_night()
    assert Receipt.objects.get().content["received_on"] == last_night().isoformat(timespec="minutes")
    assert WorkItem.objects.get().enqueued_at == last_night()


def test_a_message_left_in_an_outage_waits_before_those_who_came_meanwhile(line: Line, away: Away):
    rang = timezone.now() - timedelta(hours=2)
    menu, spoken = "/ivr/menu?node=language&tries=0", {"RecordingSid": "RE1"}
    for path, more in (("/ivr/voice", {}), (menu, {"Digits": "0"}), ("/ivr/recorded", spoken), ENDED):
        line.network.webhooks.post(path, {**ring(line), **more})
    for number, file in enumerate(spool.waiting()):
        kept_at(file, rang + timedelta(minutes=number))
    away.comes_back()
    carry_in()

    call = Call.objects.get()
    assert (call.started_at, call.waiting_since) == (rang, rang + timedelta(minutes=1))
    assert call.ended_at == rang + timedelta(minutes=3)
    assert WorkItem.objects.get(kind="message").enqueued_at == call.waiting_since


def test_who_hung_up_after_three_seconds_of_an_outage_waited_three_seconds(line: Line, away: Away):
    rang = timezone.now() - timedelta(hours=1)
    for path, more in (("/ivr/voice", {}), ("/ivr/menu?node=way&tries=0", {"Digits": "1"}), ENDED):
        line.network.webhooks.post(path, {**ring(line), **more})
    for file, seconds in zip(spool.waiting(), (0, 1, 4), strict=True):
        kept_at(file, rang + timedelta(seconds=seconds))
    away.comes_back()
    carry_in()

    call = WorkItem.objects.get(kind="call")
    assert (call.outcome, call.done_at) == ("abandoned", rang + timedelta(seconds=4))
    (contact,) = calls_between(rang, timezone.now(), None)
    assert (contact.waited_s, contact.fate) == (3, Fate.SHORT)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_time_that_is_to_come_or_long_past_is_not_believed(line: Line, away: Away, days: int):
    before = timezone.now()
    line.network.text_in("+33639980003", line.office.phone, "Ma carte est perdue")
    kept_at(spool.waiting()[0], before - timedelta(days=days))
    away.comes_back()
    carry_in()

    assert before <= Ticket.objects.get().opened_at <= timezone.now()


def test_we_reach_ourselves_at_the_public_address_as_the_provider_would(line: Line, settings, client):
    assert client.get("/ivr/health").json()["reached"] is True
    assert client.post("/ivr/health").status_code == 403

    settings.CC_PUBLIC_BASE_URL = settings.TWILIO_API_BASE_URL  # another server than ours
    answer = client.get("/ivr/health")
    assert answer.status_code == 503
    assert "CC_PUBLIC_BASE_URL" in answer.json()["why"] or "lead here" in answer.json()["why"]


def test_calls_and_texts_that_nobody_told_us_of_are_found_once(line: Line):
    number = line.office.phone
    nowhere = {"url": "http://127.0.0.1:9/", "fallback_url": "", "status_url": ""}
    quiet, spoke = line.call(**nowhere).join_end(), line.call(number="+33639980005", **nowhere).join_end()
    line.network.keep(Recording(spoke.sid, "Bonjour", 3))
    line.network.texts_in["SMlost"] = Text("SMlost", number, "Ma carte", "+33639980006", "inbound", "received")
    for call in (quiet, spoke):
        call.began -= 300
    sent = (timezone.now() - timedelta(minutes=5)).replace(microsecond=0)
    line.network.texts_in["SMlost"].sent_at = format_datetime(sent)

    found = [find_unheard(Provider()), find_unheard(Provider())]

    assert found == [3, 0]
    assert Ticket.objects.get(interactions__external_id="SMlost").opened_at == sent
    for call in (quiet, spoke):
        rang = Call.objects.get(sid=call.sid).started_at
        assert Ticket.objects.get(calls__sid=call.sid).opened_at == rang < timezone.now() - timedelta(minutes=4)
    assert unfinished() == [("callback", "waiting"), ("message", "waiting"), ("message", "waiting")]
    assert line.carry(lambda: Attachment.objects.filter(content_type__startswith="audio/").exists())


def test_a_message_left_at_the_other_host_in_the_middle_of_a_call_is_found_once(line: Line):
    call = line.call("1")
    assert soon(lambda: Call.objects.exists())
    call.hang_up()
    call.join_end()
    assert soon(lambda: Call.objects.filter(state="ended").exists())
    line.network.keep(Recording(call.sid, "Bonjour", 3))

    found = [find_unheard(Provider()), find_unheard(Provider())]

    assert found == [1, 0]
    assert unfinished() == [("message", "waiting")]
    assert line.carry(lambda: Attachment.objects.filter(content_type__startswith="audio/").exists())


def test_the_documents_for_another_host_are_read_by_the_provider_and_hold_no_address_of_ours():
    written = fallback.documents(["fr", "ar", "ps"])

    for name, document in written.items():
        read = documents.parse(document.encode(), f"https://elsewhere.example/{name}")
        assert read.warnings == []
    assert "/ivr/" not in "".join(written.values())
    verbs = [verb.tag for verb in documents.parse(written[fallback.FIRST].encode(), "").verbs]
    assert verbs[-2:] == ["Record", "Hangup"]
    assert verbs.count("Record") == 3  # whoever says nothing is asked again, twice


@pytest.mark.parametrize(("keys", "heard"), [("", "Record"), ("11", "Gather")])
def test_after_a_failure_of_ours_who_waits_goes_on_waiting_and_others_leave_a_message(line: Line, keys, heard):
    posts(line, ("/ivr/voice", {}))
    for key in keys:
        posts(line, ("/ivr/menu?node=" + ("topic" if key == keys[0] else "way") + "&tries=0", {"Digits": "0"}))
    failed = {"ErrorCode": "11200", "ErrorUrl": f"{line.network.webhooks.base_url}/ivr/wait"}

    answer = line.network.webhooks.post("/ivr/fallback", {**ring(line), **failed})

    assert f"<{heard}" in answer.text
    assert Ticket.objects.count() == 1


def test_where_somebody_was_quicker_inside_a_request_it_is_done_once_more_with_care(line: Line):
    """`receive` meets a twin in the middle and reads it: without savepoints that would end the whole."""
    posts(line, ("/ivr/voice", {}))

    answer = line.network.webhooks.post("/ivr/voice", ring(line), token=AGAIN)

    assert "<Gather" in answer.text
    assert Ticket.objects.count() == Call.objects.count() == 1
