"""Queues, dialled legs and conferences of the simulated network bring people together as the provider's do."""

import pytest

from ivr.simulator.clock import ManualClock
from tests.ivr.conftest import soon
from tests.ivr.scripted import Application, application, rest

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


def test_who_is_moved_out_of_a_conversation_that_began_in_a_queue_is_told_of_as_that():
    answers = PARKED | {"/ivr/agent": "<Dial><Queue>attente</Queue></Dial>"}
    with application(answers) as made:
        caller = made.call()
        assert caller.wait_for("queued")
        base = made.network.webhooks.base_url
        made.call(number="+33639980002", url=f"{base}/ivr/agent")
        assert caller.wait_for("bridged")
        rest(made, "POST", f"Calls/{caller.sid}.json", Url=f"{base}/ivr/moved")

        assert caller.join_end().heard[-1] == "Venez"
        assert soon(lambda: made.to("/ivr/out"))
        assert made.to("/ivr/out")[0]["QueueResult"] == "redirected-from-bridged"


def test_dialling_a_queue_that_nobody_made_fails():
    with application({"/ivr/voice": '<Dial action="after"><Queue>nulle part</Queue></Dial>', "/ivr/after": ""}) as made:
        made.call().join_end()

        assert made.to("/ivr/after")[0]["DialCallStatus"] == "failed"


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


def test_who_is_on_hold_hears_what_the_application_has_played_until_they_are_back():
    answers = ROOM | {"/ivr/held": '<Say>Un instant</Say><Pause length="10"/><Redirect>/ivr/held</Redirect>'}
    clock = ManualClock()
    with application(answers, by_hand=clock) as made:
        caller = made.call()
        clock.settle()
        made.call(number="+33639980002", url=f"{made.network.webhooks.base_url}/ivr/agent")
        clock.settle()
        room = made.network.conferences.find("salle")
        one = f"Conferences/{room.sid}/Participants/{caller.sid}.json"
        base = made.network.webhooks.base_url
        rest(made, "POST", one, Hold="true", HoldUrl=f"{base}/ivr/held", HoldMethod="POST")
        clock.advance(25)
        heard = len(made.to("/ivr/held"))
        rest(made, "POST", one, Hold="false")
        clock.advance(60)

        assert heard == len(made.to("/ivr/held")) == 3
        assert caller.heard == ["Un instant"] * 3
        assert caller.state == "conference salle"
        rest(made, "POST", one, Hold="true", HoldUrl=f"{base}/ivr/held")
        clock.advance(5)
        made.network.conferences.end(room)
        assert caller.join_end().is_over


def test_what_may_not_be_played_on_hold_is_left_out():
    answers = ROOM | {"/ivr/held": '<Gather action="key"/><Say>Un instant</Say><Pause length="60"/>', "/ivr/key": ""}
    clock = ManualClock()
    with application(answers, by_hand=clock) as made:
        caller = made.call()
        clock.settle()
        room = made.network.conferences.find("salle")
        held = {"Hold": "true", "HoldUrl": f"{made.network.webhooks.base_url}/ivr/held"}
        rest(made, "POST", f"Conferences/{room.sid}/Participants/{caller.sid}.json", **held)
        clock.advance(10)

        assert caller.heard == ["Un instant"]
        assert caller.errors == ["12200 Gather has no place here"]
