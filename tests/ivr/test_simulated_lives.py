"""A simulated call begins, is told of and ends as one at the provider does, by a clock that a test may hold."""

import pytest
import requests

from ivr.simulator.clock import ManualClock
from ivr.simulator.faults import Faults
from tests.ivr.conftest import soon
from tests.ivr.scripted import application, rest


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


STEPS = ["initiated", "ringing", "answered", "completed"]


def told_with(faults: Faults) -> list[str]:
    with application({"/ivr/agent": "<Pause/>", "/ivr/status": ""}, faults=faults, ring_s=50) as made:
        base = made.network.webhooks.base_url
        made.network.call_out(
            "+33639980001", "", f"{base}/ivr/agent", f"{base}/ivr/status", status_events=frozenset(STEPS)
        ).join_end()
        made.network.events.join(5)
        return [one["CallStatus"] for one in made.to("/ivr/status")]


def test_events_come_twice_or_never_or_the_later_first():
    assert sorted(told_with(Faults(duplicate=2))) == sorted(["queued", "ringing", "in-progress", "completed"] * 2)
    assert "completed" not in told_with(Faults(lost_ending=True))
    assert "ringing" not in told_with(Faults(drop=lambda params: params["CallStatus"] == "ringing"))
    swapped = told_with(Faults(reorder=True))
    assert swapped.index("completed") < swapped.index("in-progress")
