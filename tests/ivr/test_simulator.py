"""The simulated network behaves as the provider does, towards any application."""

import time
from collections.abc import Callable

import pytest
import requests
from twilio.request_validator import RequestValidator

from ivr.simulator.clock import ManualClock
from ivr.simulator.faults import Faults
from ivr.simulator.rest import Request
from ivr.simulator.webhooks import Webhooks
from tests.ivr.openapi import violations
from tests.ivr.scripted import TOKEN, Application, application

XML = {"Content-Type": "text/xml"}


def soon(what: Callable[[], object], timeout: float = 10) -> bool:
    end = time.monotonic() + timeout
    while not what() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(what())


def rest(made: Application, method: str, path: str, **form: object) -> requests.Response:
    address = f"{made.network.address}/2010-04-01/Accounts/AC1/{path}"
    return requests.request(method, address, data=form, auth=("AC1", TOKEN), timeout=5)


def test_a_call_rings_is_taken_and_ends_and_each_request_is_signed():
    with application({"/ivr/voice": "<Say>Bonjour</Say>", "/ivr/status": ""}) as made:
        call = made.call().join_end()

        ring, end = made.to("/ivr/voice")[0], made.to("/ivr/status")[0]
        assert (ring["CallStatus"], ring["Direction"], end["CallStatus"]) == ("ringing", "inbound", "completed")
        assert {"SequenceNumber", "Timestamp", "CallDuration"} <= end.keys()
        validator = RequestValidator(TOKEN)
        for one in made.asked:
            address = made.network.webhooks.base_url + one.path
            assert validator.validate(address, one.params, one.headers["X-Twilio-Signature"])
        assert call.heard == ["Bonjour"]


@pytest.mark.parametrize("how", ["form", "json"])
def test_a_shared_key_signs_with_sha256_and_says_so(how: str):
    with application({"/ivr/voice": ""}) as made:
        webhooks = Webhooks(made.network.webhooks.base_url, TOKEN, shared_key="webhooks_sharedkey_1")
        answer = (
            webhooks.post("/ivr/voice", {"A": "1"}) if how == "form" else webhooks.post_json("/ivr/voice", {"A": 1})
        )

        sent = answer.request
        params = made.asked[0].params if how == "form" else sent.body.decode()
        assert sent.headers["X-Twilio-Webhooks-Signature-Settings"] == "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
        assert RequestValidator(TOKEN).validate(
            sent.url, params, sent.headers["X-Twilio-Signature"], algorithm="HMAC_SHA256"
        )


def test_a_relative_address_is_read_against_its_document_and_get_carries_the_parameters():
    answers = {
        "/ivr/voice": '<Redirect method="GET">deep/menu?lang=fr</Redirect>',
        "/ivr/deep/menu": "<Redirect>next</Redirect>",
        "/ivr/deep/next": "<Say>Ici</Say>",
    }
    with application(answers) as made:
        assert made.call().join_end().heard == ["Ici"]

        asked = made.asked[1]
        assert (asked.method, asked.params["lang"], asked.params["From"]) == ("GET", "fr", "+33639980001")


def test_a_call_keeps_its_cookies_and_no_other_call_has_them():
    answers = {
        "/ivr/voice": (200, XML | {"Set-Cookie": "seen=1; Path=/"}, b"<Response><Redirect>next</Redirect></Response>"),
        "/ivr/next": "",
    }
    with application(answers) as made:
        made.call().join_end()
        made.call().join_end()

        with_cookie = [(one.path, "Cookie" in one.headers) for one in made.asked if one.path != "/ivr/status"]
        assert with_cookie == [("/ivr/voice", False), ("/ivr/next", True)] * 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, XML, b"<Response/>"), "11200"),
        ((200, {"Content-Type": "application/json"}, b"{}"), "12300"),
        ((200, XML, b"\n<?xml version='1.0'?><Response/>"), "12100"),
        ((200, XML, b"<Answer/>"), "12100"),
        ((200, XML, b"<Response><Say>" + b"a" * 65536 + b"</Say></Response>"), "11750"),
    ],
)
def test_an_answer_that_cannot_be_used_leads_to_the_fallback_address_with_the_reason(answer, code):
    with application({"/ivr/voice": answer, "/ivr/fallback": "<Say>Pardon</Say>"}) as made:
        call = made.call().join_end()

        assert call.heard == ["Pardon"]
        assert made.to("/ivr/fallback")[0]["ErrorCode"] == code


def test_no_answer_in_time_leads_to_the_fallback_address():
    def slow(_params: dict[str, str]) -> str:
        time.sleep(0.5)
        return ""

    with application({"/ivr/voice": slow, "/ivr/fallback": "<Say>Pardon</Say>"}) as made:
        made.network.webhooks.timeout_s = 0.1

        assert made.call().join_end().heard == ["Pardon"]
        assert made.to("/ivr/fallback")[0]["ErrorCode"] == "11205"


def test_where_the_fallback_fails_too_the_caller_hears_the_provider_s_own_apology():
    with application({"/ivr/voice": (500, {}, b""), "/ivr/fallback": (500, {}, b"")}) as made:
        assert "application error" in made.call().join_end().heard[0]


@pytest.mark.parametrize("verb", ["<say>x</say>", '<Say voix="x">x</Say>', "<Gather><Record/></Gather>", "<Leave/>"])
def test_what_is_not_quite_right_is_warned_of_and_left_out(verb: str):
    with application({"/ivr/voice": f"{verb}<Say>Suite</Say>"}) as made:
        call = made.call().join_end()

        assert call.errors == [] if verb == "<Leave/>" else any(error.startswith("12200") for error in call.errors)


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
        assert made.to("/ivr/audio")[0]["RecordingStatus"] == "completed"
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


PARKED = {
    "/ivr/voice": '<Enqueue action="out" waitUrl="wait">attente</Enqueue>',
    "/ivr/wait": '<Gather numDigits="1" action="key"><Say>Patientez</Say></Gather>',
    "/ivr/key": "<Leave/>",
    "/ivr/out": "<Say>Sorti</Say>",
    "/ivr/moved": "<Say>Venez</Say>",
}


def test_who_waits_hears_their_place_and_leaves_by_a_key():
    with application(PARKED) as made:
        first = made.call()
        assert first.wait_for("queued")
        second = made.call(patient=True)
        assert soon(lambda: len(made.to("/ivr/wait")) > 2)
        second.press("1")
        second.join_end()

        places = {one["CallSid"]: one["QueuePosition"] for one in made.to("/ivr/wait")}
        assert (places[first.sid], places[second.sid]) == ("1", "2")
        assert made.to("/ivr/out")[0]["QueueResult"] == "leave"
        assert second.heard[-1] == "Sorti"


def test_who_is_moved_out_of_a_queue_or_hangs_up_in_it_is_told_of():
    with application(PARKED) as made:
        moved, gone = made.call(), made.call()
        assert moved.wait_for("queued")
        assert gone.wait_for("queued")
        queue = rest(made, "GET", "Queues.json").json()["queues"][0]
        base = made.network.webhooks.base_url
        assert rest(made, "POST", "Queues/attente/Members/Front.json", Url=base).status_code == 404
        rest(made, "POST", f"Queues/{queue['sid']}/Members/{moved.sid}.json", Url=f"{base}/ivr/moved", Method="POST")
        gone.hang_up()

        assert moved.join_end().heard[-1] == "Venez"
        assert soon(lambda: len(made.to("/ivr/out")) == 2)
        results = {one["CallSid"]: one["QueueResult"] for one in made.to("/ivr/out")}
        assert results == {moved.sid: "redirected", gone.sid: "hangup"}
        assert rest(made, "GET", f"Queues/{queue['sid']}.json").json()["current_size"] == 0


def test_a_full_queue_says_so_at_once():
    with application(PARKED) as made:
        rest(made, "POST", "Queues.json", FriendlyName="attente", MaxSize="1")
        assert made.call().wait_for("queued")
        made.call().join_end()

        assert made.to("/ivr/out")[0]["QueueResult"] == "queue-full"


def test_dialling_a_queue_whispers_to_the_caller_and_then_puts_them_through():
    answers = PARKED | {
        "/ivr/agent": '<Dial action="talked"><Queue url="whisper">attente</Queue></Dial>',
        "/ivr/whisper": "<Say>On vous répond</Say>",
        "/ivr/talked": "",
    }
    with application(answers) as made:
        caller = made.call()
        assert caller.wait_for("queued")
        agent = made.call(number="+33639980002", url=f"{made.network.webhooks.base_url}/ivr/agent")
        assert caller.wait_for("bridged")
        agent.hang_up()
        caller.join_end()

        assert "On vous répond" in caller.heard
        assert made.to("/ivr/out")[0]["QueueResult"] == "bridged"


@pytest.mark.parametrize("outcome", ["answer", "busy", "no-answer", "failed"])
def test_a_dialled_number_answers_or_does_not(outcome: str):
    answers = {"/ivr/voice": '<Dial action="after"><Number>+33639980005</Number></Dial>', "/ivr/after": ""}
    with application(answers) as made:
        made.network.outcomes["+33639980005"] = outcome
        made.call().join_end()

        wanted = "completed" if outcome == "answer" else outcome
        assert made.to("/ivr/after")[0]["DialCallStatus"] == wanted


def test_of_several_dialled_the_first_to_take_it_is_put_through_and_who_declines_is_not():
    answers = {
        "/ivr/voice": '<Dial><Client url="decline">a</Client><Client url="accept">b</Client></Dial>',
        "/ivr/decline": "<Hangup/>",
        "/ivr/accept": "<Say>Appel</Say>",
    }
    with application(answers) as made:
        caller = made.call()
        assert caller.wait_for("bridged")
        wanted = {"client:a": "completed", "client:b": "bridged"}
        legs = [leg for leg in made.network.calls.values() if leg.outgoing]

        assert soon(lambda: {leg.number: leg.state for leg in legs} == wanted)


def in_conference(made: Application):
    """A caller and an agent in one room."""
    base = made.network.webhooks.base_url
    caller = made.call()
    assert caller.wait_for("conference salle")
    created = rest(
        made, "POST", "Calls.json", To="client:agent", From="+33199000000", Url=f"{base}/ivr/agent", Method="POST"
    )
    agent = made.network.calls[created.json()["sid"]]
    assert agent.wait_for("conference salle")
    return caller, agent, rest(made, "GET", "Conferences.json?FriendlyName=salle").json()["conferences"][0]["sid"]


ROOM = {
    "/ivr/voice": '<Dial><Conference endConferenceOnExit="true" statusCallback="/ivr/room"'
    ' statusCallbackEvent="start end join leave mute hold">salle</Conference></Dial>',
    "/ivr/agent": '<Dial action="left"><Conference participantLabel="agent">salle</Conference></Dial>',
    "/ivr/left": "<Say>Fini</Say>",
    "/ivr/room": "",
}


def test_a_participant_is_held_muted_coached_and_taken_out():
    with application(ROOM) as made:
        caller, agent, room = in_conference(made)
        here = f"Conferences/{room}/Participants"
        held = rest(made, "POST", f"{here}/{caller.sid}.json", Hold="true").json()
        muted = rest(made, "POST", f"{here}/agent.json", Muted="true").json()
        refused = rest(made, "POST", f"{here}/agent.json", Coaching="true", CallSidToCoach="CAnobody")
        third = rest(made, "POST", f"{here}.json", To="client:interprete", From="+33199000000", Label="interprete")

        assert (held["hold"], muted["muted"], refused.status_code) == (True, True, 400)
        assert soon(lambda: len(rest(made, "GET", f"{here}.json").json()["participants"]) == 3)
        assert rest(made, "DELETE", f"{here}/{third.json()['call_sid']}.json").status_code == 204
        assert soon(lambda: len(rest(made, "GET", f"{here}.json").json()["participants"]) == 2)
        assert agent.state == "conference salle"


def test_whose_leaving_ends_a_conference_takes_the_others_out_of_it():
    with application(ROOM) as made:
        caller, agent, _room = in_conference(made)
        caller.hang_up()

        assert agent.join_end().heard == ["Fini"]
        wanted = {"conference-start", "participant-join", "participant-leave", "conference-end"}
        assert soon(lambda: wanted <= {one["StatusCallbackEvent"] for one in made.to("/ivr/room")})


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_rejected_call_is_never_taken(reason: str, status: str):
    with application({"/ivr/voice": f'<Reject reason="{reason}"/>', "/ivr/status": ""}) as made:
        made.call().join_end()

        assert made.to("/ivr/status")[0]["CallStatus"] == status


def test_a_call_out_tells_each_step_it_was_asked_to_tell():
    with application({"/ivr/agent": "<Say>Bonjour</Say>", "/ivr/status": ""}) as made:
        base = made.network.webhooks.base_url
        form = {"To": "+33639980001", "From": "+33199000000", "Url": f"{base}/ivr/agent"}
        events = ["initiated", "ringing", "answered", "completed"]
        rest(made, "POST", "Calls.json", **form, StatusCallback=f"{base}/ivr/status", StatusCallbackEvent=events)

        assert soon(lambda: len(made.to("/ivr/status")) == 4)
        told = sorted(made.to("/ivr/status"), key=lambda one: int(one["SequenceNumber"]))
        assert [one["CallStatus"] for one in told] == ["queued", "ringing", "in-progress", "completed"]


def test_a_call_that_is_over_cannot_be_moved_and_one_nobody_knows_is_not_found():
    with application({"/ivr/voice": ""}) as made:
        call = made.call().join_end()
        refused = rest(made, "POST", f"Calls/{call.sid}.json", Url="http://127.0.0.1/")

        assert (refused.status_code, refused.json()["code"]) == (400, 21220)
        assert rest(made, "GET", "Calls/CAnobody.json").status_code == 404
        assert requests.get(f"{made.network.address}/2010-04-01/Accounts/AC1/Calls.json", timeout=5).status_code == 401


def test_a_clock_moved_by_hand_lets_nothing_happen_before_its_time():
    clock = ManualClock()
    answers = {"/ivr/voice": '<Pause length="60"/><Say>Une minute</Say>', "/ivr/status": ""}
    with application(answers, by_hand=clock) as made:
        call = made.call()
        clock.advance(59)
        assert call.heard == []

        clock.advance(2)

        assert call.heard == ["Une minute"]
        clock.advance(10)
        assert call.state == "completed"


def test_with_a_clock_moved_by_hand_two_callers_meet_at_the_same_moment():
    clock = ManualClock()
    with application(ROOM, by_hand=clock) as made:
        caller = made.call(stay_s=30.0)
        clock.advance(100)
        assert caller.state == "conference salle"  # alone, it waits for company

        second = made.call(number="+33639980002", url=f"{made.network.webhooks.base_url}/ivr/agent")
        clock.advance(29)
        assert second.state == "conference salle"
        clock.advance(20)
        assert caller.state == second.state == "completed"


STEPS = ["initiated", "ringing", "answered", "completed"]


def told_with(faults: Faults) -> list[str]:
    with application({"/ivr/agent": "<Pause/>", "/ivr/status": ""}, faults=faults, ring_s=50) as made:
        base = made.network.webhooks.base_url
        made.network.call_out(
            "+33639980001", "", f"{base}/ivr/agent", f"{base}/ivr/status", status_events=frozenset(STEPS)
        ).join_end()
        time.sleep(0.3)
        return [one["CallStatus"] for one in made.to("/ivr/status")]


def test_events_come_twice_or_never_or_the_later_first():
    assert sorted(told_with(Faults(duplicate=2))) == sorted(["queued", "ringing", "in-progress", "completed"] * 2)
    assert "completed" not in told_with(Faults(lost_ending=True))
    assert "ringing" not in told_with(Faults(drop=lambda params: params["CallStatus"] == "ringing"))
    swapped = told_with(Faults(reorder=True))
    assert swapped.index("completed") < swapped.index("in-progress")


def test_a_request_made_again_carries_the_same_token():
    with application({"/ivr/voice": "<Say>Bonjour</Say>"}, faults=Faults(repeat_requests=2)) as made:
        made.call().join_end()

        first, second = [one.headers["I-Twilio-Idempotency-Token"] for one in made.asked if one.path == "/ivr/voice"]
        assert first == second


def test_what_the_provider_would_refuse_of_our_requests_is_found():
    form = {"To": ["+33639980001"], "From": ["+33199000000"], "Url": ["http://127.0.0.1/ivr/agent"]}
    events = ["ringing", "completed"]

    assert not violations(Request("POST", "Calls.json", form | {"StatusCallbackEvent": events, "Timeout": ["25"]}))
    assert violations(Request("POST", "Calls.json", {"To": ["+33639980001"]}))
    assert violations(Request("POST", "Calls.json", form | {"Timeout": ["soon"]}))
    assert violations(Request("POST", "Calls.json", form | {"Colour": ["red"]}))
    assert violations(Request("POST", "Calls.json", form | {"Url": ["/ivr/agent"]}))
    assert violations(Request("POST", "Calls.json", form | {"Method": ["POST", "GET"]}))
    assert violations(Request("PATCH", "Calls.json", form))
