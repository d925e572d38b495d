"""Keys, words and messages are asked for in the simulated network as the provider asks for them."""

import pytest

from ivr.simulator.clock import ManualClock
from ivr.simulator.faults import Faults
from tests.ivr.conftest import soon
from tests.ivr.scripted import application, rest

GATHER = '<Gather {}action="menu"><Say>Choix</Say></Gather><Say>Rien</Say>'


@pytest.mark.parametrize(
    ("attributes", "keys", "told"),
    [
        ('numDigits="1" ', "12", {"Digits": "1"}),
        ("", "12#", {"Digits": "12"}),
        ("", "12", {"Digits": "12"}),
        ("", "#", {"Digits": ""}),
        ('finishOnKey="" numDigits="3" ', "1#2", {"Digits": "1#2"}),
        ('finishOnKey="*" ', "1*", {"Digits": "1"}),
        ("", " ", None),
        ('actionOnEmptyResult="true" ', " ", {"Digits": ""}),
        ('input="speech" ', "", None),
    ],
)
def test_gather_ends_as_the_provider_ends_it(attributes, keys, told):
    with application({"/ivr/voice": GATHER.format(attributes), "/ivr/menu": ""}) as made:
        call = made.call(keys).join_end()

        asked = made.to("/ivr/menu")
        assert (asked[0]["Digits"] if asked else None) == (told["Digits"] if told else None)
        assert ("Rien" in call.heard) == (told is None)


def test_who_presses_a_key_in_the_middle_hears_no_more_of_the_question():
    answers = {
        "/ivr/voice": '<Gather numDigits="1" action="menu"><Say>Un</Say><Say>Deux</Say></Gather>',
        "/ivr/menu": "",
    }
    clock = ManualClock()
    with application(answers, by_hand=clock) as made:
        call = made.call(patient=True)
        clock.settle()
        call.press("1")
        clock.advance(60)

        assert call.heard == ["Un"]
        assert made.to("/ivr/menu")[0]["Digits"] == "1"


def test_gather_hears_speech_unless_the_leg_is_silent():
    with application({"/ivr/voice": GATHER.format('input="dtmf speech" '), "/ivr/menu": ""}) as made:
        made.network.silent.add("+33639980002")
        made.call(message="Oui").join_end()
        silent = made.call(number="+33639980002", message="Oui").join_end()

        assert [one["SpeechResult"] for one in made.to("/ivr/menu")] == ["Oui"]
        assert silent.heard[-1] == "Rien"


RECORD = (
    '<Record action="done" recordingStatusCallback="/ivr/audio"'
    ' recordingStatusCallbackEvent="completed absent"/><Say>Rien</Say>'
)


def test_a_message_is_told_at_once_and_its_audio_beside_it():
    with application({"/ivr/voice": RECORD, "/ivr/done": "", "/ivr/audio": ""}) as made:
        made.call(message="Bonjour").join_end()

        sid = made.to("/ivr/done")[0]["RecordingSid"]
        assert soon(lambda: made.to("/ivr/audio"))
        told = made.to("/ivr/audio")[0]
        assert told["RecordingStatus"] == "completed"
        assert not {"From", "To", "Direction", "CallStatus"} & told.keys()
        audio = rest(made, "GET", f"Recordings/{sid}.wav")
        assert audio.content[:4] == b"RIFF"
        assert rest(made, "DELETE", f"Recordings/{sid}.json").status_code == 204
        assert rest(made, "GET", f"Recordings/{sid}.wav").status_code == 404


def test_silence_goes_on_with_the_next_verb_and_is_told_as_absent():
    with application({"/ivr/voice": RECORD, "/ivr/audio": ""}) as made:
        assert made.call().join_end().heard == ["Rien"]
        assert soon(lambda: made.to("/ivr/audio"))
        assert made.to("/ivr/audio")[0]["RecordingStatus"] == "absent"


def test_a_call_is_recorded_paused_and_stopped_by_rest_and_its_audio_is_there_once_it_is_told():
    clock = ManualClock()
    with application({"/ivr/voice": '<Pause length="3600"/>', "/ivr/audio": ""}, by_hand=clock) as made:
        call = made.call()
        clock.settle()
        wanted = {
            "RecordingStatusCallback": f"{made.network.webhooks.base_url}/ivr/audio",
            "RecordingStatusCallbackEvent": ["in-progress", "completed"],
        }
        sid = rest(made, "POST", f"Calls/{call.sid}/Recordings.json", **wanted).json()["sid"]
        one = f"Calls/{call.sid}/Recordings/{sid}.json"
        clock.advance(20)
        paused = rest(made, "POST", one, Status="paused", PauseBehavior="skip").json()["status"]
        clock.advance(60)
        rest(made, "POST", f"Calls/{call.sid}/Recordings/Twilio.CURRENT.json", Status="in-progress")
        clock.advance(10)
        early = rest(made, "GET", f"Recordings/{sid}.wav").status_code
        call.hang_up()

        assert soon(lambda: len(made.to("/ivr/audio")) == 2)
        told = {one["RecordingStatus"]: one for one in made.to("/ivr/audio")}
        assert (paused, early, told["completed"]["RecordingDuration"]) == ("paused", 404, "30")
        assert "in-progress" in told
        assert rest(made, "GET", f"Recordings/{sid}.wav").content[:4] == b"RIFF"
        assert rest(made, "POST", one, Status="paused").status_code == 404


def test_an_account_that_may_not_record_says_so():
    with application({"/ivr/voice": '<Pause length="3600"/>'}, faults=Faults(refuse_recording=True)) as made:
        call = made.call()

        assert call.wait_for("in-progress")
        assert rest(made, "POST", f"Calls/{call.sid}/Recordings.json").status_code == 400


def test_who_hangs_up_while_speaking_has_left_a_message():
    with application({"/ivr/voice": RECORD, "/ivr/done": "", "/ivr/audio": ""}) as made:
        made.call(message="Bonjour", hangs_up_speaking=True).join_end()

        assert soon(lambda: made.to("/ivr/done"))
        assert made.to("/ivr/done")[0]["Digits"] == "hangup"
