"""Whatever of ours breaks while somebody is on the line, they hear something and keep their place."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from contactcenter.desk import work
from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Leg
from ivr.provider import Provider
from ivr.reconcile import find_unheard
from ivr.simulator import documents
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon
from tests.ivr.test_any_order import there, unfinished
from tests.ivr.test_callbacks import ANA, SERVICE, a_callback


def breaks(*_: object, **_more: object) -> None:
    raise RuntimeError("something of ours")


def queued(line: Line) -> Caller:
    return Caller(line).ring().keys("1", "1", "1")


def connecting(line: Line) -> Caller:
    """Their agent's line is proved, and they are about to be brought together."""
    caller = queued(line)
    work.take_next(there())
    Leg.objects.update(sid="CAagent", answered_at=timezone.now(), joined_at=timezone.now())
    return caller


def of(call: Call, path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}call={call.pk}"


BROKEN = {
    "the menu": ("/ivr/menu?node=topic&tries=0", {"Digits": "1"}, "ivr.services.calls.learn"),
    "the wait": ("/ivr/wait", {}, "ivr.services.line.tell"),
    "a key in the wait": ("/ivr/wait-key", {"Digits": "9"}, "ivr.services.announcements.concerns"),
    "who they are": ("/ivr/identify?node=birth&tries=0", {"Digits": "12031988"}, "ivr.services.identity.born_on"),
    "their line": ("/ivr/wait", {}, "ivr.services.doors.of"),
    "leaving": ("/ivr/queued", {"QueueResult": "leave"}, "ivr.services.waiting.promise_callback"),
    "going back": ("/ivr/park", {}, "ivr.services.taping.left"),
    "the message": ("/ivr/recorded", {"RecordingSid": "RE1"}, "ivr.services.voicemail.take_message"),
    "the notice": ("/ivr/notice?then=wait", {}, "ivr.services.taping.was_told"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_whatever_breaks_a_waiting_person_hears_something_and_keeps_their_place(line: Line, monkeypatch, what: str):
    path, params, broken = BROKEN[what]
    caller = queued(line)
    since = WorkItem.objects.get().enqueued_at
    monkeypatch.setattr(broken, breaks)

    caller.post(of(caller.call, path), **params)

    assert caller.verbs
    assert documents.parse(written(caller), "http://127.0.0.1/").warnings == []
    assert unfinished() == [("call", "waiting")]
    assert WorkItem.objects.get().enqueued_at == since


def written(caller: Caller) -> bytes:
    from xml.etree.ElementTree import tostring

    return tostring(caller.document)


@pytest.mark.parametrize("broken", ["is_due", "begin"])
def test_what_breaks_as_they_are_brought_together_leaves_them_together(line: Line, monkeypatch, broken: str):
    caller = connecting(line)
    monkeypatch.setattr(f"ivr.services.taping.{broken}", breaks)

    caller.post(of(caller.call, "/ivr/join"))

    assert caller.verbs == ["Say", "Dial"]
    assert caller.call.state == "connected"
    caller.hang_up()
    assert WorkItem.objects.get().stage == "wrap_up"  # served, and owed no callback


def test_where_even_that_breaks_they_are_together_all_the_same(line: Line, monkeypatch):
    caller = connecting(line)
    monkeypatch.setattr("ivr.services.legs.connected", breaks)

    caller.post(of(caller.call, "/ivr/join"))

    assert caller.document.findtext("Dial/Conference") == caller.call.room


def test_whose_agent_was_lost_in_that_moment_goes_back_to_their_place(line: Line, monkeypatch):
    caller = connecting(line)
    line.network.webhooks.post(f"/ivr/status?leg={Leg.objects.get().pk}", {"CallSid": "CAagent", **OVER})
    monkeypatch.setattr("ivr.services.taping.begin", breaks)

    caller.post(of(caller.call, "/ivr/join"))

    assert caller.verbs == ["Enqueue"]
    assert unfinished() == [("call", "waiting")]


OVER = {"CallStatus": "completed", "SequenceNumber": "3"}
FALLBACKS: dict[str, tuple[Callable[[Line], Caller], str, str]] = {
    "waiting, in the queue": (queued, "wait", "Gather"),
    "waiting, on the way to it": (queued, "park", "Enqueue"),
    "being connected, in the queue": (connecting, "wait", "Gather"),
    "being connected, at a key": (connecting, "wait-key", "Gather"),
    "being connected, on the way to the queue": (connecting, "park", "Enqueue"),
    "being connected, at the conference's door": (connecting, "join", "Say"),
    "being connected, told of the recording": (connecting, "notice", "Say"),
}


@pytest.mark.parametrize("where", FALLBACKS)
def test_where_the_provider_got_no_answer_the_fallback_goes_on_where_they_were(line: Line, where: str):
    begun, failed, verb = FALLBACKS[where]
    caller = begun(line)
    before, since = unfinished(), WorkItem.objects.get().enqueued_at

    caller.post("/ivr/fallback", ErrorCode="11200", ErrorUrl=f"{line.network.webhooks.base_url}/ivr/{failed}?call=1")

    assert caller.verbs[0] == verb
    assert "Record" not in caller.verbs
    assert (unfinished(), WorkItem.objects.get().enqueued_at) == (before, since)
    assert Leg.objects.filter(ended_at=None).count() == (begun is connecting)
    if verb == "Say":
        assert caller.document.findtext("Dial/Conference") == caller.call.room
        assert caller.call.state == "connected"


def test_who_is_on_hold_stays_on_hold(line: Line):
    caller = connecting(line)
    caller.post(of(caller.call, "/ivr/join"))
    Call.objects.update(held_at=timezone.now())

    caller.post("/ivr/fallback", ErrorUrl=f"{line.network.webhooks.base_url}/ivr/held?call=1")
    assert caller.verbs == ["Say", "Pause", "Redirect"]

    caller.post("/ivr/fallback", ErrorUrl=f"{line.network.webhooks.base_url}/ivr/join?call=1")
    assert caller.document.findtext("Dial/Conference") == caller.call.room


def test_whom_we_call_is_asked_once_more_where_our_first_answer_failed(line: Line, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    item = a_callback(line)
    timeouts = iter([True])
    real = line.network.webhooks.ask

    def ask(method: str, url: str, *args, **more):
        if "/ivr/reached" in url and next(timeouts, False):
            raise documents.requests.Timeout
        return real(method, url, *args, **more)

    monkeypatch.setattr(type(line.network.webhooks), "ask", lambda _self, *args, **more: ask(*args, **more))
    work.take(item.pk, SERVICE)

    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    person = next(leg for leg in line.network.calls.values() if leg.number == ANA and leg.outgoing)
    assert soon(lambda: person.state.startswith("conference"))
    assert [error[:5] for error in person.errors] == ["11205"]


def test_a_text_that_we_broke_over_is_answered_and_found_again(line: Line, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("ivr.services.texts.text_received", breaks)
        answer = line.network.text_in("+33639980003", line.office.phone, "Ma carte est perdue")
    assert documents.read(answer).verbs == []
    assert not Ticket.objects.exists()
    for text in line.network.texts_in.values():
        text.sent_at = format_datetime(timezone.now() - timedelta(minutes=5))

    assert find_unheard(Provider()) == 1

    assert Ticket.objects.get().subject == "Ma carte est perdue"
