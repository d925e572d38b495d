"""A conversation is passed on: to a queue, to a colleague at once, or with both of them in it for a while."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Assignment, Presence, Queue, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Note, Ticket
from ivr.models import Call, Command, Leg
from tests.contracts.asking import Api
from tests.factories import a_caller, a_user, an_office
from tests.ivr.conftest import Line, soon
from tests.ivr.conversing import conversation, legs_of, participant, someone


def test_a_call_is_passed_on_to_a_queue_of_another_office_with_its_ticket(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at
    other = Queue.objects.get(office=an_office("lirande"))

    passed = mine.post(f"/calls/{call.sid}/transfer", {"queue": other.slug, "text": "Dossier de Lirande"})

    assert passed.status_code in (200, 404)
    assert line.carry(lambda: call.state == "queued" and legs_of(line)[0].is_over)
    item, ticket = WorkItem.objects.get(), Ticket.objects.get()
    assert (item.state, item.enqueued_at, item.lane.queue) == ("waiting", since, other)
    assert ticket.office == other.office
    assert ticket.notes.get().text == "Dossier de Lirande"
    colleague = principal_for(a_user(office=other.office))
    assert work.take_next(colleague)
    assert line.carry(lambda: Call.objects.get().state == "connected")


def test_a_call_is_passed_on_to_a_colleague_at_once(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, _theirs = someone()

    told = mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id}).json()

    assert told["state"] == "connecting"
    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert Assignment.objects.get(ended_at=None).agent_id == colleague.agent_id
    assert WorkItem.objects.get().stage == "connected"
    assert [leg.is_over for leg in legs_of(line)] == [True, False]


def is_away(by: Principal) -> None:
    presence.set_presence(by.agent_id or 0, Presence.AWAY, actor=by.actor, reason="lunch")


def is_offline(by: Principal) -> None:
    presence.set_presence(by.agent_id or 0, Presence.OFFLINE, actor=by.actor)


def is_silent(by: Principal) -> None:
    Agent.objects.filter(pk=by.agent_id).update(seen_at=timezone.now() - timedelta(seconds=31))


def is_on_the_line(by: Principal) -> None:
    assert routing.take(receive(a_caller("+33639980009")).work_items.get().pk, by)


@pytest.mark.parametrize("is_not_there", [is_away, is_offline, is_silent, is_on_the_line])
def test_a_caller_is_passed_on_to_nobody_who_is_not_there_and_talks_on(
    line: Line, api: Api, is_not_there: Callable[[Principal], None]
):
    by, mine = someone()
    call = conversation(line, by)
    colleague, _theirs = someone()
    is_not_there(colleague)

    refused = mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id})

    assert refused.status_code == 422
    assert colleague.label in refused.json()["detail"]
    assert Call.objects.get(sid=call.sid).state == "connected"
    assert Assignment.objects.get(work_item__stage="connected").agent_id == by.agent_id
    assert not Command.objects.filter(kind="hang_up").exists()


def test_a_colleague_who_does_not_answer_leaves_the_caller_at_their_place(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at
    line.network.outcomes["client:simulated-agent"] = "busy"

    mine.post(f"/calls/{call.sid}/transfer", {"agent": someone()[0].agent_id})

    assert line.carry(lambda: WorkItem.objects.get().state == "waiting" and call.state == "queued")
    assert WorkItem.objects.get().enqueued_at == since


def test_a_colleague_is_brought_in_and_goes_on_alone_with_call_and_ticket(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, _theirs = someone()

    asked = {"agent": colleague.agent_id, "warm": True, "text": "Wants an appointment"}
    assert mine.post(f"/calls/{call.sid}/transfer", asked).status_code == 200
    assert [note.text for note in Note.objects.filter(kind="transfer")] == ["Wants an appointment"]
    assert line.carry(lambda: Leg.objects.exclude(joined_at=None).count() == 2)
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id
    legs_of(line)[0].hang_up()

    assert soon(lambda: Assignment.objects.filter(ended_at=None, agent=colleague.agent_id).exists())
    assert (Call.objects.get().state, WorkItem.objects.get().stage) == ("connected", "connected")
    assert call.state.startswith("conference")
    assert not call.is_over


def test_a_colleague_who_was_asked_and_leaves_again_changes_nothing(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    mine.post(f"/calls/{call.sid}/transfer", {"agent": someone()[0].agent_id, "warm": True})
    assert line.carry(lambda: Leg.objects.exclude(joined_at=None).count() == 2)

    legs_of(line)[1].hang_up()

    assert soon(lambda: Leg.objects.filter(ended_at=None).count() == 1)
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id
    assert Call.objects.get().state == "connected"


@pytest.mark.parametrize("body", [{}, {"queue": 1, "agent": 1}, {"agent": "nobody"}, {"queue": "nowhere"}])
def test_a_transfer_names_one_destination_that_is_there(line: Line, api: Api, body: dict):
    call = conversation(line, someone()[0])

    assert api.post(f"/calls/{call.sid}/transfer", body).status_code == 422
    assert Call.objects.get().state == "connected"


def test_who_is_on_hold_while_the_call_is_passed_on_is_heard_by_the_colleague(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, _theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id, "warm": True})
    assert line.carry(lambda: Leg.objects.exclude(joined_at=None).count() == 2)
    mine.post(f"/calls/{call.sid}/hold")
    room = Call.objects.get().room
    assert line.carry(lambda: participant(line, room, call.sid).hold)

    legs_of(line)[0].hang_up()

    assert line.carry(lambda: not participant(line, room, call.sid).hold)
    assert Call.objects.get().held_at is None


def test_what_is_passed_to_another_agent_is_theirs_alone(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id})
    assert line.carry(lambda: Call.objects.get().state == "connected")

    assert mine.post(f"/calls/{call.sid}/hang-up").status_code == 409
    assert theirs.post(f"/calls/{call.sid}/hang-up").status_code == 200
    assert Agent.objects.count() == 2
