"""What each key does while one waits: nobody loses their place by it, unless they choose something else instead."""

import pytest

from contactcenter.routing.models import WorkItem
from ivr import menu
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line


def waiting(line: Line) -> Caller:
    return Caller(line).ring().keys("1", "1", "1").wait()


def test_all_that_can_be_keyed_is_told(line: Line):
    heard = waiting(line).heard

    assert all(f"tapez {key}." in heard for key in "2347")


def test_where_one_can_come_or_write_is_told_and_the_place_is_kept(line: Line):
    caller = waiting(line)
    since = WorkItem.objects.get().enqueued_at

    caller.key("7")

    assert "Vous pouvez écrire à cette adresse : 3 place de l'Exemple, 99000 Valmorin." in caller.heard
    assert caller.verbs[-1] == "Redirect"
    item = WorkItem.objects.get()
    assert (item.kind, item.state, item.enqueued_at) == ("call", "waiting", since)


def test_a_hash_gives_three_times_the_time_in_the_queue_too(line: Line):
    caller = waiting(line)
    assert caller.document.find("Gather").get("timeout") == "15"

    assert "prenez votre temps" in caller.key("#").heard

    assert caller.wait().document.find("Gather").get("timeout") == "45"


@pytest.mark.parametrize("key", ["", "0", "1", "6", "8", "9", "*", "#", "5", "7"])
def test_no_other_key_takes_anybody_out_of_the_queue(line: Line, key: str):
    caller = waiting(line).key(key)

    assert caller.verbs[-1] == "Redirect"
    assert caller.document.find("Redirect").text == "/ivr/wait"
    assert WorkItem.objects.get().state == "waiting"


@pytest.mark.parametrize(("key", "kind"), [("2", "callback"), ("3", "")])
def test_who_chooses_something_else_leaves_the_queue_for_it(line: Line, key: str, kind: str):
    caller = waiting(line).key(key)
    assert caller.verbs == ["Leave"]

    caller.post("/ivr/queued", QueueResult="leave")

    assert [item.kind for item in WorkItem.objects.unfinished()] == ([kind] if kind else [])
    assert caller.verbs[-1] == ("Hangup" if kind else "Redirect")


@pytest.mark.parametrize("result", ["queue-full", "error", "system-error"])
def test_who_cannot_be_parked_is_promised_a_callback_and_may_speak(line: Line, result: str):
    caller = Caller(line).ring().keys("1", "1", "1").post("/ivr/queued", QueueResult=result)

    assert "nous vous rappelons à ce numéro" in caller.heard
    assert caller.verbs[-2:] == ["Record", "Redirect"]
    assert [item.kind for item in WorkItem.objects.unfinished()] == ["callback"]


def test_key_zero_at_the_recorder_leads_to_a_person_and_keeps_what_was_said(line: Line):
    caller = Caller(line).ring().keys("1", "5", "3")
    assert "tapez 0." in caller.heard

    caller.post(caller.document.find("Record").get("action"), Digits="0", RecordingSid="RE1")

    assert caller.verbs == ["Enqueue"]
    assert sorted(item.kind for item in WorkItem.objects.unfinished()) == ["call", "message"]


def test_key_zero_ends_a_recording_at_once_and_leads_to_a_person(line: Line):
    call = line.call(["1", "5", "3", "0"])

    assert call.wait_for("queued")
    assert [item.kind for item in WorkItem.objects.unfinished()] == ["call"]
    assert not call.errors


def test_whoever_was_parked_while_nothing_could_be_written_down_is_in_the_queue_afterwards(line: Line):
    caller = Caller(line).ring().wait()

    assert caller.call.state == "waiting"
    assert WorkItem.objects.get().kind == "call"


def test_every_key_that_is_drawn_for_the_queue_is_one_that_it_knows():
    assert set(menu.NODES[menu.QUEUE].keys) == set("2345790")
