"""Ten languages on the telephone: chosen per line, recorded first, never silent, with an interpreter where needed."""

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from contactcenter import vault
from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point
from contactcenter.crypto import blind_index
from contactcenter.desk import work
from contactcenter.doctor import examine
from contactcenter.people import services as people
from contactcenter.people.services import add_point
from contactcenter.routing.models import Agent, Presence, Skill, WorkItem
from ivr import recorded
from ivr.lines import USUAL, Recording
from ivr.lines import Line as Setting
from ivr.models import Call, SlowNumber
from ivr.prompts import lacking
from ivr.prompts.recordable import clips_of
from ivr.services import doors
from tests.factories import a_ticket, a_user
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line


def languages(line: Line, codes: str) -> None:
    Setting.objects.update_or_create(door=line.office.doors.get(kind="phone"), defaults={"languages": codes})
    doors.forget()


def record(code: str, *prompts: str) -> None:
    sha256 = vault.keep(b"RIFF....WAVE").sha256
    for prompt in prompts:
        Recording.objects.create(prompt=prompt, language=code, sha256=sha256, content_type="audio/wav")
    doors.forget()


def test_the_first_question_is_asked_in_each_language_of_the_line(line: Line):
    languages(line, "fr,tr,ru")

    caller = Caller(line).ring()

    assert "Türkçe için 2 tuşuna basın." in caller.heard
    assert "Для русского языка нажмите 3." in caller.heard
    assert "For English" not in caller.heard
    assert "For English, press 1." in caller.key("9").heard
    assert caller.key("1").call.language == "en"


@pytest.mark.parametrize(("key", "code"), list(zip("12345678", USUAL.split(","), strict=True)))
def test_a_caller_is_asked_and_noted_in_the_language_they_chose(line: Line, key: str, code: str):
    caller = Caller(line).ring().key(key)

    assert caller.asked() == "topic"
    assert caller.call.language == code
    assert caller.call.ticket.language == code


def test_a_prompt_that_was_uploaded_is_played_and_what_no_telephone_plays_is_refused(line: Line):
    chief, admin = Client(headers={"accept-language": "en"}), a_user("administrator")
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    chief.force_login(admin)
    spoken = {"prompt": "greeting", "language": "fr"}
    add = "/admin/ivr/recording/add/"

    refused = chief.post(add, spoken | {"audio": SimpleUploadedFile("voice.wav", b"<html>")})
    kept = chief.post(add, spoken | {"audio": SimpleUploadedFile("voice.txt", b"ID3 Bonjour")})

    assert "Upload a WAV or MP3 file" in refused.content.decode()
    assert kept.status_code == 302
    heard = Caller(line).ring().document.find(".//Play")
    assert heard is not None
    answer = line.network.webhooks.session.get(f"{line.network.webhooks.base_url}{heard.text}")
    assert (answer.headers["Content-Type"], answer.content) == ("audio/mpeg", b"ID3 Bonjour")


@pytest.mark.parametrize(("code", "key"), [("fa", "1"), ("ps", "2")])
def test_a_recorded_language_is_offered_behind_nine_and_played(line: Line, code: str, key: str):
    assert code not in doors.of(line.office.phone).offer.more.values()
    record(code, *lacking(code, int(key), {}))

    caller = Caller(line).ring().keys("9", key)

    assert caller.call.language == code
    address = next(one.text or "" for one in caller.document.iter("Play"))
    answer = line.network.webhooks.session.get(line.network.webhooks.base_url + address)
    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "audio/wav", b"RIFF....WAVE")


def test_a_recorded_reference_is_played_digit_by_digit(line: Line):
    record("fr", "reference", *(f"digit-{digit}" for digit in range(10)))

    caller = Caller(line).ring().keys("1", "1", "2")

    assert len(list(caller.document.iter("Play"))) == 11


def test_what_is_not_recorded_is_said_by_a_voice_in_the_same_call(line: Line):
    record("fr", "topic")

    caller = Caller(line).ring().key("1")

    assert [one.tag for one in caller.document.find("Gather")] == ["Play"]
    assert "Pour attendre une personne" in caller.key("1").heard


@pytest.mark.parametrize("token", ["", "nothing", "../../etc/passwd"])
def test_audio_is_found_by_a_name_that_nobody_can_guess_and_by_no_other(line: Line, token: str):
    answer = line.network.webhooks.session.get(f"{line.network.webhooks.base_url}/ivr/audio/{token}")

    assert answer.status_code == 404


@pytest.mark.parametrize("key", list("2345678"))
def test_who_speaks_a_language_that_nobody_on_shift_speaks_gets_anybody_with_an_interpreter(line: Line, key: str):
    Caller(line).ring().keys(key, "1", "1")

    item = WorkItem.objects.get()
    assert item.interpreter_needed
    assert not any(len(skill) == 2 for skill in item.lane.skill_set)


def test_who_speaks_no_language_of_ours_gets_anybody_with_an_interpreter(line: Line):
    Caller(line).ring().keys("9", "0")

    item = WorkItem.objects.get()
    assert (item.interpreter_needed, item.ticket.language) == (True, "und")


def test_who_speaks_a_language_of_somebody_on_shift_gets_them(line: Line):
    agent = a_user(skills=("calls",)).agent
    agent.skills.add(Skill.objects.create(code="ru", label="russe"))
    Agent.objects.update(presence=Presence.AVAILABLE, seen_at=timezone.now() + timedelta(minutes=1))

    Caller(line).ring().keys("7", "1", "1")

    item = WorkItem.objects.get()
    assert not item.interpreter_needed
    assert "ru" in item.lane.skill_set


def test_who_asks_for_more_time_has_it_now_and_the_next_time_they_call(line: Line):
    caller = Caller(line).ring().keys("1", "#")
    assert caller.heard.startswith("C'est noté : prenez votre temps.")
    assert caller.document.find("Gather").get("timeout") == "18"

    again = Caller(line, sid="CA2").ring().key("1")

    assert again.document.find("Gather").get("timeout") == "18"
    assert Caller(line, number="+33639980002", sid="CA3").ring().key("1").document.find("Gather").get("timeout") == "6"


def test_who_calls_from_a_relays_number_has_time_whoever_they_are(line: Line):
    SlowNumber.objects.create(number_index=blind_index("+33639980001"))

    caller = Caller(line).ring()

    assert caller.document.find("Gather").get("timeout") == "18"  # of the first question already
    assert caller.key("1").call.slow


def test_a_person_has_their_time_from_any_number_of_theirs_and_when_we_call_them(line: Line, client):
    ticket = Caller(line).ring().call.ticket
    assert ticket.person
    add_point(ticket.person, Point(kind="phone", value="+33639980007"), source="desk")
    user = a_user()
    client.force_login(user)
    page = f"/desk/tickets/{ticket.reference}/"
    assert "a besoin de plus de temps au téléphone" in client.get(page).content.decode()

    client.post(f"{page}unhurried/", {"unhurried": "yes"})
    told = client.get(page).content.decode()

    assert "il attend chaque réponse trois fois plus longtemps" in told
    other = Caller(line, number="+33639980007", sid="CA2").ring()
    assert other.document.find("Gather").get("timeout") == "18"
    other.keys("1", "5", "2")
    work.take(WorkItem.objects.get(kind="callback").pk, Principal.of_service())
    back = Call.objects.get(outgoing=True)
    asked = line.network.webhooks.post(f"/ivr/reached?call={back.pk}", {"CallSid": "CA9", "Direction": "outbound-api"})
    assert 'timeout="24"' in asked.text

    client.post(f"{page}unhurried/", {"unhurried": "no"})
    assert not Caller(line, number="+33639980007", sid="CA3").ring().key("1").call.slow


def test_who_proves_who_they_are_while_waiting_gets_the_time_they_need_from_then_on(line: Line):
    known = a_ticket()
    people.give_time(known.person_id)
    caller = Caller(line).ring().keys("1", "5", "1").wait()
    caller.post("/ivr/wait-key", Digits="4").keys("1", known.reference, known.follow_code)

    assert caller.wait().document.find("Gather").get("timeout") == "45"


def test_a_relay_that_takes_its_time_is_never_hung_up_on(line: Line):
    caller = Caller(line).ring().keys("1", "#", "5", "3")
    for _silence in range(3):
        assert caller.document.find("Record").get("timeout") == "18"
        caller.post(caller.document.find("Redirect").text)

    assert caller.verbs == ["Enqueue"]


@pytest.mark.parametrize(("asked", "verbs"), [(1, ["Gather"]), (2, ["Say", "Dial"])])
def test_who_needs_time_and_presses_no_key_when_we_call_is_not_hung_up_on(line: Line, asked: int, verbs: list[str]):
    SlowNumber.objects.create(number_index=blind_index("+33639980001"))
    Caller(line).ring().keys("1", "1", "2")
    work.take(WorkItem.objects.get(kind="callback").pk, Principal.of_service())
    back = Call.objects.get(outgoing=True)

    form = {"CallSid": "CA9", "Direction": "outbound-api", "To": "+33639980001", "CallStatus": "in-progress"}
    answer = line.network.webhooks.post(f"/ivr/reached?call={back.pk}&tries={asked}", form)

    assert [one.tag for one in fromstring(answer.text)] == verbs


def test_who_says_nothing_at_the_recorder_gets_a_human(line: Line):
    call = line.call("153")

    assert call.wait_for("queued")
    assert not call.errors
    assert WorkItem.objects.get().kind == "call"


def test_once_all_is_recorded_the_doctor_says_only_what_nobody_can_record(line: Line):
    record("ps", *(clip for clip in clips_of() if not clip.startswith("language-")), "language-2")
    recorded.read_anew()

    told = [finding.text for finding in examine() if "(ps)" in finding.text]

    assert [
        text
        for text in told
        if "so far" in text or ("is not offered" in text and "not recorded: language-1." not in text)
    ] == []
    assert any("opens" in text for text in told)


def test_the_doctor_says_what_is_missing_and_what_nobody_has_reviewed(line: Line):
    told = "\n".join(finding.text for finding in examine())

    assert "دری (fa) is not offered on the telephone" in told
    assert "پښتو (ps): said in French so far: greeting" in told
    assert "پښتو (ps): days, hours and addresses can be recorded by nobody, and are said in French: " in told
    assert "callback_hour" in told
    assert "No native speaker has reviewed the telephone's words in" in told
    assert f"line {line.office.phone} speaks français, English" in told
