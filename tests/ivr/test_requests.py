"""Each request that can be made of the provider is one that its own description knows: none is left out."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from ivr.provider import GoneError, Provider
from tests.ivr.conftest import Line

TALKING = "<Response><Dial><Conference>salle</Conference></Dial></Response>"
HERE, STATUS = "http://127.0.0.1/ivr/agent", "http://127.0.0.1/ivr/status"
WITH_EVERYTHING = {"to": "+33639980001", "from_": "+33199000000", "status_url": STATUS}
SINCE = timezone.now() - timedelta(days=1)
Ask = Callable[[Provider, str], object]
ASKED: dict[str, Ask] = {
    "dial": lambda to, _sid: to.dial(url=HERE, fallback_url=HERE, **WITH_EVERYTHING),
    "move": lambda to, sid: to.move(sid, HERE),
    "hang_up": lambda to, sid: to.hang_up(sid),
    "participant": lambda to, sid: to.participant("salle", sid, [("Hold", "true"), ("HoldUrl", HERE)]),
    "calls": lambda to, _sid: to.calls(status="in-progress", since=SINCE),
    "texts": lambda to, _sid: to.texts(since=SINCE, to="+33639980001"),
    "recordings_of": lambda to, sid: to.recordings_of(sid),
    "messages": lambda to, _sid: to.messages(since=SINCE),
    "make_room": lambda to, _sid: (to.make_room("salle", 10), to.make_room("salle", 5000)),
    "status": lambda to, sid: to.status(sid),
    "over_at": lambda to, sid: to.over_at(sid),
    "is_over": lambda to, sid: to.is_over(sid),
    "text": lambda to, _sid: to.text(body="Bonjour", **WITH_EVERYTHING),
    "recording": lambda to, _sid: to.recording("RE" + "0" * 32),
    "record": lambda to, sid: to.record(sid, STATUS),
    "change_recording": lambda to, sid: to.change_recording(sid, "RE" + "0" * 32, "paused"),
    "recordings": lambda to, sid: to.recordings(sid),
    "recording_told": lambda to, _sid: to.recording_told("RE" + "0" * 32),
    "sound": lambda to, _sid: list(to.sound("RE" + "0" * 32)),
    "delete_recording": lambda to, _sid: to.delete_recording("RE" + "0" * 32),
}


def test_none_is_left_out():
    assert set(ASKED) == {name for name, _verb in inspect.getmembers(Provider, callable) if not name.startswith("_")}


@pytest.mark.parametrize("verb", ASKED)
def test_each_is_as_the_provider_describes_it(line: Line, verb: str):
    """The network at the other end holds each against the description; the fixture fails where one differs."""
    call = line.call(twiml=TALKING, url="", status_url="")
    assert call.wait_for("conference salle")
    provider, answers = Provider(), []
    provider.session.hooks["response"].append(lambda answer, **_more: answers.append(answer))

    with suppress(GoneError):  # there is no such recording
        ASKED[verb](provider, call.sid)

    provider.session.close()
    assert answers
