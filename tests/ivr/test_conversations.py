"""What an agent can do in a conversation, through the API as others use it."""

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
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Command, Leg, LineProof, ThirdParty
from ivr.services import outgoing
from ivr.services.orders import order
from tests.contracts.asking import SERVICE, Api, asking_as
from tests.factories import a_caller, a_user, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon

INTERPRETER = "+33199000077"


@pytest.fixture
def api(line: Line, settings) -> Api:
    settings.CC_API_TOKEN = SERVICE
    return Api()


def conversation(line: Line, by: Principal, number: str = "+33639980001"):
    call = line.call("111", number=number)
    assert call.wait_for("queued")
    assert work.take_next(by)
    assert line.carry(lambda: Call.objects.filter(sid=call.sid, state="connected").exists())
    assert soon(lambda: call.state.startswith("conference"))
    return call


def legs_of(line: Line, kind: str = "agent"):
    sids = Leg.objects.filter(kind=kind).order_by("pk").values_list("sid", flat=True)
    return [line.network.calls[sid] for sid in sids if sid]


def someone(role: str = "agent"):
    """Somebody who is there for work."""
    user = a_user(role)
    by = principal_for(user)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by, asking_as(user)


def test_a_call_is_read_with_its_legs_and_what_happened(line: Line, api: Api):
    call = conversation(line, someone()[0])

    told = api.get(f"/calls/{call.sid}").json()

    assert (told["sid"], told["state"], told["ticket"]) == (call.sid, "connected", Ticket.objects.get().reference)
    assert [leg["kind"] for leg in told["legs"]] == ["person", "agent"]
    assert all(leg["started_at"] and leg["answered_at"] and not leg["ended_at"] for leg in told["legs"])
    assert told["legs"][0]["to"] == "+33639980001"
    assert told["waited_s"] >= 0
    assert "call.connected" in [event["kind"] for event in told["events"]]


def test_a_call_is_there_for_whom_its_ticket_is_and_for_nobody_else(line: Line, api: Api):
    call = conversation(line, someone()[0])
    elsewhere = asking_as(a_user(office=an_office("lirande")))

    for path in ("", "/hold", "/resume", "/transfer", "/hang-up", "/bad-line", "/mute", "/third-party", "/supervise"):
        address = f"/calls/{call.sid}{path}"
        refused = elsewhere.get(address) if not path else elsewhere.post(address, {"queue": 5, "do": "nonsense"})
        assert refused.status_code == 404, path
    assert api.get("/calls/CAnobody").status_code == 404
    assert Api(token="").get(f"/calls/{call.sid}").status_code == 401
    assert asking_as(a_user("auditor")).post(f"/calls/{call.sid}/hold").status_code == 403


def test_a_colleague_may_not_touch_a_call_that_is_not_theirs(line: Line, api: Api):
    by, _mine = someone()
    call = conversation(line, by)
    _other, theirs = someone()

    refused = theirs.post(f"/calls/{call.sid}/hold")

    assert (refused.status_code, refused.json()["holder"]) == (409, by.label)


def test_a_person_is_put_on_hold_and_comes_back(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)

    held = mine.post(f"/calls/{call.sid}/hold").json()

    assert held["state"] == "held"
    room = Call.objects.get().room
    assert line.carry(lambda: _participant(line, room, call.sid).hold)
    assert soon(lambda: any("la personne qui s'occupe de vous revient" in words for words in call.heard))
    assert mine.post(f"/calls/{call.sid}/hold").status_code == 200
    assert mine.post(f"/calls/{call.sid}/resume").json()["state"] == "connected"
    assert line.carry(lambda: not _participant(line, room, call.sid).hold)
    kinds = [event["kind"] for event in mine.get(f"/calls/{call.sid}").json()["events"]]
    assert kinds.count("call.held") == kinds.count("call.resumed") == 1


def test_what_a_person_hears_on_hold_says_that_somebody_comes_back_and_begins_anew(line: Line):
    caller = Caller(line).ring()

    caller.post(f"/ivr/held?call={caller.call.pk}")

    assert caller.verbs == ["Say", "Pause", "Redirect"]  # a hold document may hold nothing that asks or records
    assert "la personne qui s'occupe de vous revient" in caller.heard
    assert caller.document[-1].text == f"/ivr/held?call={caller.call.pk}"


def test_an_agent_is_muted_and_heard_again(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    leg = legs_of(line)[0]
    room = Call.objects.get().room

    assert mine.post(f"/calls/{call.sid}/mute", {"on": True}).status_code == 200
    assert line.carry(lambda: _participant(line, room, leg.sid).muted)
    mine.post(f"/calls/{call.sid}/mute", {"on": False})

    assert line.carry(lambda: not _participant(line, room, leg.sid).muted)


def test_an_agent_ends_the_conversation(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)

    assert mine.post(f"/calls/{call.sid}/hang-up").status_code == 200

    assert line.carry(lambda: call.is_over and Call.objects.get().state == "ended")
    assert WorkItem.objects.get().stage == "wrap_up"
    assert mine.post(f"/calls/{call.sid}/hold").status_code == 422
    assert mine.get(f"/calls/{call.sid}").json()["ended_at"]


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

    assert mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id, "warm": True}).status_code == 200
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


def test_a_bad_line_is_mended_by_another_leg_that_is_proved_anew(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at

    told = mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"}).json()

    assert told["state"] == "connecting"
    assert not LineProof.objects.exists()
    assert line.carry(lambda: Call.objects.get().state == "connected" and call.state.startswith("conference"))
    first, second = legs_of(line)
    assert (first.is_over, second.number, second.trail[:2]) == (True, "sip:ines@phones.example", ["Gather", "Gather"])
    assert WorkItem.objects.get().enqueued_at == since
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id


def test_a_bad_line_is_mended_by_calling_the_person_back_at_once(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at

    told = mine.post(f"/calls/{call.sid}/bad-line", {"do": "call_back"}).json()

    assert (told["outgoing"], told["state"]) == (True, "connecting")
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    assert call.is_over
    item = WorkItem.objects.get(kind="callback")
    assert (item.stage, item.enqueued_at) == ("connected", since)
    assert WorkItem.objects.get(kind="call").outcome == "bad_line"
    assert Ticket.objects.count() == 1


def test_a_bad_line_calls_nobody_back_oftener_than_a_day_allows(line: Line, api: Api, settings):
    by, mine = someone()
    call = conversation(line, by)
    settings.CC_CALLS_PER_NUMBER = 1
    outgoing.spend(Call.objects.get().number)

    refused = mine.post(f"/calls/{call.sid}/bad-line", {"do": "call_back"})

    assert refused.status_code == 422
    assert Call.objects.get().state == "connected"


@pytest.mark.parametrize("to", ["+8816123456789", "+9791234567", "+12015550123", "+33899000000"])
def test_no_line_of_an_agent_lies_where_we_do_not_call(line: Line, api: Api, to: str):
    by, mine = someone()
    call = conversation(line, by)

    refused = mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": to})

    assert refused.status_code == 422
    assert Call.objects.get().state == "connected"


def test_an_interpreter_of_the_list_joins_and_nobody_else_can(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number=INTERPRETER)
    closed = ThirdParty.objects.create(name="Ancien", role="office", number=INTERPRETER, closed_at=timezone.now())

    others = ThirdParty.objects.create(name="De Hautmont", role="interpreter", languages="ar", number=INTERPRETER)
    listed.offices.add(line.office)
    closed.offices.add(line.office)
    others.offices.add(an_office("hautmont"))

    assert mine.post(f"/calls/{call.sid}/third-party", {"id": closed.pk}).status_code == 422
    assert mine.post(f"/calls/{call.sid}/third-party", {"id": others.pk}).status_code == 422
    assert mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk}).status_code == 200

    assert line.carry(lambda: Leg.objects.filter(kind="third_party", joined_at__isnull=False).exists())
    legs_of(line, "third_party")[0].hang_up()
    assert soon(lambda: Leg.objects.get(kind="third_party").ended_at)
    assert Call.objects.get().state == "connected"
    assert INTERPRETER not in str(mine.get(f"/tickets/{Ticket.objects.get().reference}").json())


def test_a_supervisor_listens_whispers_and_takes_part(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    _chief, chief = someone("supervisor")
    room = Call.objects.get().room

    assert mine.post(f"/calls/{call.sid}/supervise").status_code == 403
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "listen"}).status_code == 200
    assert line.carry(lambda: legs_of(line, "supervisor") and legs_of(line, "supervisor")[0].state.startswith("conf"))
    leg = legs_of(line, "supervisor")[0]
    assert _participant(line, room, leg.sid).muted
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "whisper"}).status_code == 200
    assert line.carry(lambda: _participant(line, room, leg.sid).coached == legs_of(line)[0].sid)
    assert chief.post(f"/calls/{call.sid}/supervise", {"mode": "barge"}).status_code == 200
    assert line.carry(
        lambda: not _participant(line, room, leg.sid).coached and not _participant(line, room, leg.sid).muted
    )
    call.hang_up()
    call.join_end()
    assert line.carry(lambda: leg.is_over)


def test_a_supervisor_who_whispered_is_heard_by_whoever_goes_on_and_may_leave(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    _chief, watching = someone("supervisor")
    watching.post(f"/calls/{call.sid}/supervise", {"mode": "whisper"})
    assert line.carry(lambda: Leg.objects.filter(kind="supervisor").exclude(joined_at=None).exists())
    colleague, _theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id, "warm": True})
    assert line.carry(lambda: Leg.objects.filter(kind="agent").exclude(joined_at=None).count() == 2)
    first, second = legs_of(line)
    whispering = legs_of(line, "supervisor")[0]

    first.hang_up()

    room = Call.objects.get().room
    assert line.carry(lambda: _participant(line, room, whispering.sid).coached == second.sid)
    assert watching.post(f"/calls/{call.sid}/supervise", {"mode": "leave"}).status_code == 200
    assert line.carry(lambda: whispering.is_over)
    assert Call.objects.get().state == "connected"


def test_who_is_on_hold_while_the_call_is_passed_on_is_heard_by_the_colleague(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, _theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id, "warm": True})
    assert line.carry(lambda: Leg.objects.exclude(joined_at=None).count() == 2)
    mine.post(f"/calls/{call.sid}/hold")
    room = Call.objects.get().room
    assert line.carry(lambda: _participant(line, room, call.sid).hold)

    legs_of(line)[0].hang_up()

    assert line.carry(lambda: not _participant(line, room, call.sid).hold)
    assert Call.objects.get().held_at is None


def test_a_bad_line_is_swapped_without_throwing_the_interpreter_out(line: Line, api: Api, monkeypatch):
    monkeypatch.setattr("ivr.simulator.network.TALKS_S", 36_000)
    by, mine = someone()
    call = conversation(line, by)
    listed = ThirdParty.objects.create(name="Interprètes de Valmorin", role="interpreter", number=INTERPRETER)
    listed.offices.add(line.office)
    mine.post(f"/calls/{call.sid}/third-party", {"id": listed.pk})
    assert line.carry(lambda: Leg.objects.filter(kind="third_party", joined_at__isnull=False).exists())

    mine.post(f"/calls/{call.sid}/bad-line", {"do": "swap", "to": "sip:ines@phones.example"})

    assert line.carry(lambda: Leg.objects.filter(kind="agent", ended_at=None).exclude(joined_at=None).exists())
    assert Leg.objects.filter(kind="third_party", ended_at=None).exists()
    assert call.state.startswith("conference")
    assert Assignment.objects.get(ended_at=None).agent_id == by.agent_id


def test_an_order_to_move_a_person_that_is_told_late_leaves_them_where_they_talk(line: Line, api: Api):
    by, _mine = someone()
    call = conversation(line, by)

    order(Command.Kind.MOVE, "back-late", call=Call.objects.get(), argument="park", rank=1)

    assert line.carry(lambda: Command.objects.filter(key="back-late").exclude(done_at=None).exists())
    assert (Call.objects.get().state, call.state[:10]) == ("connected", "conference")


def test_a_person_is_called_now_from_their_ticket(line: Line, api: Api):
    by, mine = someone()
    line.call("153", message="Bonjour").join_end()
    reference = Ticket.objects.get().reference

    told = mine.post(f"/tickets/{reference}/call")

    assert told.status_code == 201
    assert [leg["kind"] for leg in told.json()["legs"]] == ["person", "agent"]
    assert mine.post(f"/tickets/{reference}/call").json()["sid"] == told.json()["sid"]
    ours = told.json()["sid"]
    assert line.carry(lambda: Call.objects.filter(outgoing=True, state="connected").exists())
    assert api.get(f"/calls/{ours}").json()["state"] == "connected"
    assert Leg.objects.get().agent_id == by.agent_id
    assert Call.objects.filter(outgoing=True).count() == 1


@pytest.mark.parametrize("number", ["+33899000000", "+12025550123", "anonymous"])
def test_a_number_that_costs_extra_or_lies_abroad_or_is_not_known_is_not_called(line: Line, api: Api, number: str):
    _by, mine = someone()
    line.call("153", number=number, message="Bonjour").join_end()

    refused = mine.post(f"/tickets/{Ticket.objects.get().reference}/call")

    assert refused.status_code == 422
    assert not Call.objects.filter(outgoing=True).exists()
    assert not WorkItem.objects.filter(kind="callback").exists()


def test_a_person_who_is_on_the_line_is_not_called(line: Line, api: Api):
    _by, mine = someone()
    line.call("111").wait_for("queued")

    assert mine.post(f"/tickets/{Ticket.objects.get().reference}/call").status_code == 422


def test_what_is_passed_to_another_agent_is_theirs_alone(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)
    colleague, theirs = someone()
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id})
    assert line.carry(lambda: Call.objects.get().state == "connected")

    assert mine.post(f"/calls/{call.sid}/hang-up").status_code == 409
    assert theirs.post(f"/calls/{call.sid}/hang-up").status_code == 200
    assert Agent.objects.count() == 2


def _participant(line: Line, room: str, sid: str):
    return line.network.conferences.room(room).participants[sid]
