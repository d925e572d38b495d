"""An agent who keeps their line open comes to the next caller without a dial; where it is lost, they are dialled."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.routing import presence
from contactcenter.routing.models import Agent, Assignment, Presence, WorkItem
from contactcenter.tickets.models import TicketEvent
from ivr.models import Call, Command, Leg, LineProof
from ivr.provider import Provider
from ivr.services import standing
from ivr.sweeps import ask_after
from ivr.watch import watch_legs
from tests.contracts.asking import asking_as
from tests.ivr.conftest import Line, soon
from tests.ivr.conversing import conversation, someone


def there(*, keeps: bool = True) -> Principal:
    by, _api = someone()
    if keeps:
        standing.turn(by.agent_id or 0, on=True)
    return by


def agents_legs(line: Line):
    return [leg for leg in line.network.calls.values() if leg.number.startswith("client:")]


def wrapped_up() -> None:
    WorkItem.objects.filter(stage="wrap_up").update(stage="", state="done", done_at=timezone.now())
    Assignment.objects.update(ended_at=timezone.now())


def standing_after_a_call(line: Line, by: Principal) -> Leg:
    """Their first call is over, and their line is open."""
    conversation(line, by).hang_up()
    assert soon(lambda: standing.of(by.agent_id))
    assert soon(lambda: any("reste ouverte" in words for words in agents_legs(line)[0].heard))
    wrapped_up()
    leg = standing.of(by.agent_id)
    assert leg
    return leg


def carried(line: Line) -> None:
    line.carry(lambda: not Command.objects.filter(done_at=None).exists())


def test_the_next_call_comes_to_the_line_that_stands_without_a_dial_or_a_key(line: Line):
    by = there()
    standing_after_a_call(line, by)
    before = Command.objects.filter(kind="dial_agent").count()

    second = conversation(line, by, "+33639980002")

    (leg,) = agents_legs(line)
    assert Command.objects.filter(kind="dial_agent").count() == before == 1
    assert (leg.is_over, leg.state) == (False, second.state)
    assert leg.trail.count("Gather") == 2  # digit and voice, once in four hours
    kinds = list(TicketEvent.objects.filter(kind__startswith="call.line").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["call.line_kept", "call.line_stood"]


def test_each_call_has_the_leg_with_its_own_times(line: Line):
    by = there()
    standing_after_a_call(line, by)
    second = conversation(line, by, "+33639980002")
    second.hang_up()
    assert soon(lambda: Call.objects.get(sid=second.sid).state == "ended")

    told = [Call.objects.get(sid=one.sid).legs.get() for one in line.network.calls.values() if not one.outgoing]

    assert len({leg.sid for leg in told}) == 1
    assert all(leg.joined_at and leg.ended_at for leg in told)
    assert told[0].ended_at <= told[1].joined_at
    legs = asking_as(Agent.objects.get(pk=by.agent_id).user).get(f"/calls/{second.sid}").json()["legs"]
    assert [one["kind"] for one in legs] == ["person", "agent"]


def test_three_calls_after_one_another_are_one_line(line: Line):
    by = there()
    for number in range(3):
        call = conversation(line, by, f"+3363998001{number}")
        call.hang_up()
        assert soon(lambda: standing.of(by.agent_id))
        wrapped_up()

    assert [leg.is_over for leg in agents_legs(line)] == [False]
    assert Leg.objects.exclude(joined_at=None).count() == 3


def test_a_call_given_back_leaves_the_line_open_and_the_caller_at_their_place(line: Line):
    by = there()
    call = conversation(line, by)
    since = WorkItem.objects.get().enqueued_at

    work.release(WorkItem.objects.get().pk, by)

    assert line.carry(lambda: call.state == "queued" and standing.of(by.agent_id))
    carried(line)
    assert (WorkItem.objects.get().state, WorkItem.objects.get().enqueued_at) == ("waiting", since)
    work.take_next(by)
    assert line.carry(lambda: Call.objects.get().state == "connected")
    assert [leg.is_over for leg in agents_legs(line)] == [False]


def test_without_the_switch_the_line_ends_with_its_call(line: Line):
    by = there(keeps=False)
    conversation(line, by).hang_up()

    assert soon(lambda: agents_legs(line)[0].is_over)
    assert standing.of(by.agent_id) is None


def hangs_up(line: Line, by: Principal) -> None:
    agents_legs(line)[0].hang_up()


def goes_away(line: Line, by: Principal) -> None:
    presence.set_presence(by.agent_id or 0, Presence.AWAY, actor=by.actor)


def goes_offline(line: Line, by: Principal) -> None:
    presence.set_presence(by.agent_id or 0, Presence.OFFLINE, actor="system")


def logs_out(line: Line, by: Principal) -> None:
    client = Client()
    client.force_login(Agent.objects.get(pk=by.agent_id).user)
    client.post("/logout/")


def turns_it_off(line: Line, by: Principal) -> None:
    standing.turn(by.agent_id or 0, on=False)


def has_no_call_for_long(line: Line, by: Principal) -> None:
    Leg.objects.filter(call=None).update(stands_since=timezone.now() - standing.IDLE - timedelta(seconds=1))


ENDS = {one.__name__: one for one in (hangs_up, goes_away, goes_offline, logs_out, turns_it_off, has_no_call_for_long)}


@pytest.mark.parametrize("why", ENDS)
def test_a_line_that_stands_ends_when_its_agent(line: Line, why: str):
    by = there()
    standing_after_a_call(line, by)

    ENDS[why](line, by)

    assert line.carry(lambda: agents_legs(line)[0].is_over)
    assert soon(lambda: standing.of(by.agent_id) is None)


def test_an_agent_who_is_away_after_the_call_is_not_kept_on_the_line(line: Line):
    by = there()
    call = conversation(line, by)
    presence.set_presence(by.agent_id or 0, Presence.AWAY, actor=by.actor)

    call.hang_up()

    assert soon(lambda: agents_legs(line)[0].is_over)
    assert standing.of(by.agent_id) is None


@pytest.mark.parametrize("looks", [watch_legs, ask_after])
def test_a_line_whose_end_was_never_told_is_found_out(line: Line, looks):
    by = there()
    standing_after_a_call(line, by)
    line.network.faults.drop = lambda _params: True
    agents_legs(line)[0].hang_up()
    agents_legs(line)[0].join_end()
    Leg.objects.update(started_at=timezone.now() - timedelta(minutes=3))

    assert looks(Provider()) >= 1

    assert standing.of(by.agent_id) is None


def test_where_the_line_was_lost_unnoticed_the_agent_is_dialled_for_the_next_call(line: Line):
    by = there()
    standing_after_a_call(line, by)
    line.network.faults.drop = lambda _params: True
    agents_legs(line)[0].hang_up()
    agents_legs(line)[0].join_end()
    line.network.faults.drop = lambda _params: False

    conversation(line, by, "+33639980002")

    assert [leg.is_over for leg in agents_legs(line)] == [True, False]
    assert Agent.objects.get(pk=by.agent_id).presence == "available"
    assert TicketEvent.objects.filter(kind="call.line_lost").exists()
    assert not TicketEvent.objects.filter(kind="work_item.requeued").exists()


def test_after_four_hours_the_standing_line_is_proved_anew(line: Line):
    by = there()
    standing_after_a_call(line, by)
    LineProof.objects.update(proved_at=timezone.now() - timedelta(hours=4, seconds=1))

    conversation(line, by, "+33639980002")

    assert agents_legs(line)[0].trail.count("Gather") >= 4
    assert len(agents_legs(line)) == 1


def test_a_standing_line_that_falls_silent_gets_no_caller(line: Line):
    by = there()
    standing_after_a_call(line, by)
    LineProof.objects.all().delete()
    line.network.silent.add(agents_legs(line)[0].number)
    call = line.call("111", number="+33639980002")
    assert call.wait_for("queued")

    work.take_next(by)

    assert line.carry(lambda: Leg.objects.filter(why_ended="unproved").exists())
    assert line.carry(lambda: agents_legs(line)[0].is_over)
    assert (call.state, Agent.objects.get(pk=by.agent_id).presence) == ("queued", "away")


def test_a_caller_who_leaves_before_the_line_was_put_through_leaves_it_standing(line: Line):
    by = there()
    first = standing_after_a_call(line, by)
    call = line.call("111", number="+33639980002")
    assert call.wait_for("queued")
    work.take_next(by)

    call.hang_up()
    call.join_end()

    assert soon(lambda: Call.objects.filter(sid=call.sid, state="ended").exists())
    carried(line)
    again = standing.of(by.agent_id)
    assert again
    assert again.pk != first.pk
    assert again.stands_since == first.stands_since  # the time without a call goes on
    wrapped_up()
    conversation(line, by, "+33639980003")
    assert [leg.is_over for leg in agents_legs(line)] == [False]


def test_a_bad_line_is_not_kept(line: Line):
    by = there()
    call = conversation(line, by)

    asking_as(Agent.objects.get(pk=by.agent_id).user).post(f"/calls/{call.sid}/bad-line", {"do": "call_back"})

    assert line.carry(lambda: agents_legs(line)[0].is_over)
    assert not Leg.objects.exclude(stands_since=None).exists()


def test_a_call_is_passed_on_to_a_colleague_whose_line_stands(line: Line):
    colleague, by = there(), there()
    standing_after_a_call(line, colleague)
    call = conversation(line, by, "+33639980002")

    mine = asking_as(Agent.objects.get(pk=by.agent_id).user)
    mine.post(f"/calls/{call.sid}/transfer", {"agent": colleague.agent_id})

    assert line.carry(lambda: Call.objects.get(sid=call.sid).state == "connected")
    assert soon(lambda: call.state == agents_legs(line)[0].state)
    assert standing.of(by.agent_id)
    assert len(agents_legs(line)) == 2


def test_the_line_is_kept_open_and_hung_up_from_the_page_of_one_s_telephone(line: Line):
    by = there(keeps=False)
    client = Client(headers={"accept-language": "en"})
    client.force_login(Agent.objects.get(pk=by.agent_id).user)

    def page() -> str:
        return client.get("/desk/phone/").content.decode()

    assert "rings your telephone anew" in page()
    client.post("/desk/phone/standing/", {"do": "on"})
    standing_after_a_call(line, by)
    assert "Your line is open since" in page()
    client.post("/desk/phone/standing/", {"do": "hang-up"})
    assert "Your line is open since" not in page()
    assert standing.is_on(by.agent_id)
    client.post("/desk/phone/standing/", {"do": "off"})

    assert "rings your telephone anew" in page()
    assert line.carry(lambda: agents_legs(line)[0].is_over)
