"""What an agent can do in a conversation, through the API as others use it."""

import pytest

from contactcenter.routing.models import WorkItem
from contactcenter.tickets.models import Ticket
from ivr.models import Call, Command, Leg
from ivr.services.orders import order
from tests.contracts.asking import Api, asking_as
from tests.factories import a_user, an_office
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line, soon
from tests.ivr.conversing import conversation, legs_of, participant, someone


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


@pytest.mark.parametrize("sid", ["%00", "CA1%00", "call-%00", "..", "1" * 300, "%F0%9F%98%80", "%C3%28", "call-"])
def test_a_call_of_an_odd_name_is_simply_not_there(line: Line, api: Api, sid: str):
    assert api.get(f"/calls/{sid}").status_code == 404
    assert api.post(f"/calls/{sid}/hold").status_code == 404
    assert api.post(f"/calls/{sid}/transfer", {"queue": []}).status_code == 404


ODD = (
    ("/transfer", {"queue": "accueil\0"}),
    ("/transfer", {"agent": "\0"}),
    ("/transfer", {"agent": "agent:\0"}),
    ("/bad-line", {"to": "\0"}),
    ("/bad-line", {"to": "sip:ana\0@example.org"}),
)


def test_a_name_that_no_database_holds_is_nobodys(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)

    for path, body in ODD:
        assert mine.post(f"/calls/{call.sid}{path}", body).status_code == 422, (path, body)


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
    assert line.carry(lambda: participant(line, room, call.sid).hold)
    assert soon(lambda: any("la personne qui s'occupe de vous revient" in words for words in call.heard))
    assert mine.post(f"/calls/{call.sid}/hold").status_code == 200
    assert mine.post(f"/calls/{call.sid}/resume").json()["state"] == "connected"
    assert line.carry(lambda: not participant(line, room, call.sid).hold)
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
    assert line.carry(lambda: participant(line, room, leg.sid).muted)
    mine.post(f"/calls/{call.sid}/mute", {"on": False})

    assert line.carry(lambda: not participant(line, room, leg.sid).muted)


def test_an_agent_ends_the_conversation(line: Line, api: Api):
    by, mine = someone()
    call = conversation(line, by)

    assert mine.post(f"/calls/{call.sid}/hang-up").status_code == 200

    assert line.carry(lambda: call.is_over and Call.objects.get().state == "ended")
    assert WorkItem.objects.get().stage == "wrap_up"
    assert mine.post(f"/calls/{call.sid}/hold").status_code == 422
    assert mine.get(f"/calls/{call.sid}").json()["ended_at"]


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
