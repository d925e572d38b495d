"""An agent's leg is proved both ways before anybody is connected; what happens to it never loses the caller."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.routing import presence
from contactcenter.routing.models import Agent, Assignment, Offer, Presence, WorkItem
from ivr.carry import carry_due, next_dial_in
from ivr.models import Call, Command, Leg, LineProof
from ivr.provider import Provider, ProviderError
from ivr.services import calls
from ivr.services.agent_lines import SIMULATED_AGENT, line_of
from ivr.watch import watch_legs
from tests.factories import an_agent
from tests.ivr.conftest import Line, soon

SERVICE = Principal.of_service()


def there() -> Principal:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def waiting(line: Line, number: str = "+33639980001"):
    call = line.call("111", number=number)
    assert call.wait_for("queued")
    return call


def agents_legs(line: Line):
    return [leg for leg in line.network.calls.values() if leg.outgoing]


def is_connected() -> bool:
    return Call.objects.filter(state="connected").exists()


def test_an_agent_proves_the_line_by_a_digit_and_their_voice_and_then_takes_calls_by_one_key(line: Line):
    by = there()
    first = waiting(line)
    work.take_next(by)
    assert line.carry(is_connected)
    assert soon(lambda: agents_legs(line)[0].trail[:3] == ["Gather", "Gather", "Say"])
    first.hang_up()
    first.join_end()
    assert soon(lambda: Call.objects.get().state == "ended")
    WorkItem.objects.filter(stage="wrap_up").update(stage="", state="done", done_at=timezone.now())
    Assignment.objects.update(ended_at=timezone.now())

    waiting(line, "+33639980002")
    work.take_next(by)

    assert line.carry(is_connected)
    assert agents_legs(line)[1].trail[:2] == ["Gather", "Say"]


def test_a_call_that_the_service_takes_goes_to_the_simulated_leg_and_an_agent_s_to_their_own(db, settings):
    settings.CC_DEMO = False
    by = an_agent()

    assert line_of(None) == SIMULATED_AGENT
    assert line_of(by.agent_id) == f"client:agent-{by.agent_id}"
    Agent.objects.filter(pk=by.agent_id).update(phone="+33199000099")
    assert line_of(by.agent_id) == "+33199000099"


def test_after_four_hours_the_line_is_proved_anew(line: Line):
    by = there()
    waiting(line)
    work.take_next(by)
    assert line.carry(is_connected)
    LineProof.objects.update(proved_at=timezone.now() - timedelta(hours=4, seconds=1))
    work.release(WorkItem.objects.get().pk, by)
    assert line.carry(lambda: agents_legs(line)[0].is_over)

    work.take_next(by)

    assert line.carry(is_connected)
    assert agents_legs(line)[1].trail[:3] == ["Gather", "Gather", "Say"]


@pytest.mark.parametrize("pressed", ["", "1", "12", "123", "123456789", "999"])
def test_a_leg_that_presses_keys_and_is_silent_never_gets_a_caller(line: Line, pressed: str):
    by = there()
    line.network.silent.add(SIMULATED_AGENT)
    if pressed:
        line.network.replies[SIMULATED_AGENT] = lambda leg: pressed
    call = waiting(line)
    since = WorkItem.objects.get().enqueued_at

    work.take_next(by)

    assert line.carry(lambda: Leg.objects.exclude(ended_at=None).exists())
    assert line.carry(lambda: agents_legs(line)[0].is_over)
    item = WorkItem.objects.get()
    assert (item.state, item.enqueued_at, call.state) == ("waiting", since, "queued")
    assert not Command.objects.filter(kind="move").exists()
    assert not LineProof.objects.exists()
    agent = Agent.objects.get(pk=by.agent_id)
    assert (agent.presence, agent.reason) == ("away", "line")


def test_a_leg_that_speaks_and_presses_the_wrong_keys_never_gets_a_caller(line: Line):
    by = there()
    line.network.replies[SIMULATED_AGENT] = lambda leg: "0"
    waiting(line)

    work.take_next(by)

    assert line.carry(lambda: Leg.objects.filter(why_ended="unproved").exists())
    assert WorkItem.objects.get().state == "waiting"


def test_no_webhook_jumps_over_the_digit(line: Line):
    waiting(line)
    work.take_next(there())
    leg = Leg.objects.get()

    answer = line.network.webhooks.post(f"/ivr/agent-voice?leg={leg.pk}", {"CallSid": "CAx", "SpeechResult": "Allô"})

    assert "<Dial" not in answer.text
    assert not LineProof.objects.exists()


def test_a_telephone_that_nobody_takes_up_twice_makes_its_agent_away(line: Line):
    by = there()
    line.network.outcomes[SIMULATED_AGENT] = "no-answer"
    waiting(line)

    for count in (1, 2):
        work.take_next(by)
        assert line.carry(lambda count=count: Leg.objects.exclude(ended_at=None).count() == count)

    assert Agent.objects.get(pk=by.agent_id).presence == "away"
    assert WorkItem.objects.get().state == "waiting"


def test_a_telephone_that_nobody_takes_up_counts_also_where_its_end_is_told_before_our_dial_is_answered(
    line: Line, monkeypatch
):
    by = there()
    line.network.outcomes[SIMULATED_AGENT] = "no-answer"
    waiting(line)
    dial = Provider.dial

    def answered_late(provider: Provider, **asked: str) -> str:
        sid = dial(provider, **asked)
        assert soon(lambda: not Leg.objects.filter(ended_at=None).exists())
        return sid

    monkeypatch.setattr(Provider, "dial", answered_late)
    for count in (1, 2):
        work.take_next(by)
        assert line.carry(lambda count=count: Leg.objects.exclude(ended_at=None).count() == count)

    assert Agent.objects.get(pk=by.agent_id).presence == "away"


def test_while_the_provider_is_away_no_agent_is_taken_for_absent(line: Line, monkeypatch):
    by = there()
    waiting(line)
    monkeypatch.setattr(Provider, "dial", _away)

    for count in (1, 2):
        work.take_next(by)
        assert line.carry(lambda count=count: Leg.objects.exclude(ended_at=None).count() == count)

    assert Agent.objects.get(pk=by.agent_id).presence == "available"
    assert WorkItem.objects.get().state == "waiting"


def _away(_provider: Provider, **_asked: str) -> str:
    raise ProviderError("HTTP 503", passing=False)


def test_when_the_caller_leaves_while_the_agent_proves_the_line_the_agent_is_told_and_no_refusal_counts(line: Line):
    by = there()
    hesitating = threading.Event()
    line.network.replies[SIMULATED_AGENT] = lambda leg: str(hesitating.wait(30))[:0]
    call = waiting(line)
    work.take_next(by)
    assert line.carry(lambda: Leg.objects.exclude(answered_at=None).exists())

    call.hang_up()
    call.join_end()
    assert line.carry(lambda: Command.objects.filter(kind="move_leg", done_at__isnull=False).exists())
    hesitating.set()

    leg = agents_legs(line)[0].join_end()
    assert any("raccrocher" in words for words in leg.heard)
    assert Agent.objects.get(pk=by.agent_id).presence == "available"
    assert not Offer.objects.exclude(outcome="accepted").exists()
    assert Leg.objects.get().why_ended == "caller_left"


MOMENTS = {
    "while it rings": lambda line: Command.objects.filter(kind="dial_agent", done_at__isnull=False).exists(),
    "while it is proved": lambda line: Leg.objects.exclude(answered_at=None).exists(),
    "when it is proved": lambda line: Leg.objects.exclude(joined_at=None).exists(),
    "while the caller is moved": lambda line: Command.objects.filter(kind="move", done_at__isnull=False).exists(),
    "in the conversation": lambda line: is_connected(),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_agents_leg_that_is_lost_at_any_moment_puts_the_caller_back_at_their_place(line: Line, moment: str):
    call = waiting(line)
    since = WorkItem.objects.get().enqueued_at
    work.take_next(there())
    assert line.carry(lambda: MOMENTS[moment](line))

    agents_legs(line)[0].hang_up()

    assert line.carry(lambda: WorkItem.objects.get().state == "waiting" and call.state == "queued")
    assert WorkItem.objects.get().enqueued_at == since
    assert Call.objects.get().state == "waiting"
    work.take_next(there())
    assert line.carry(is_connected)
    assert soon(lambda: call.state.startswith("conference"))


def test_an_agent_who_takes_too_long_at_the_key_loses_the_call_to_another(line: Line):
    by = there()
    waiting(line)
    LineProof.objects.create(agent_id=by.agent_id, line_index=_index(SIMULATED_AGENT), proved_at=timezone.now())
    line.network.replies[SIMULATED_AGENT] = lambda leg: ""

    work.take_next(by)

    assert line.carry(lambda: Leg.objects.filter(why_ended="not_taken").exists())
    assert WorkItem.objects.get().state == "waiting"


def test_a_leg_without_a_call_any_more_is_ended(line: Line):
    leg = Leg.objects.create(to=SIMULATED_AGENT, sid="CAalone")

    line.network.webhooks.post(f"/ivr/status?leg={leg.pk}", {"CallSid": "CAalone", "CallStatus": "completed"})

    leg.refresh_from_db()
    assert leg.ended_at


def test_numbers_of_agents_and_legs_are_not_readable_in_the_database(line: Line):
    from django.db import connection

    by = an_agent()
    Agent.objects.filter(pk=by.agent_id).update(phone="+33199000099")
    Leg.objects.create(to="+33199000099")

    with connection.cursor() as cursor:
        cursor.execute('SELECT phone FROM routing_agent UNION SELECT "to" FROM ivr_leg')
        stored = [row[0] for row in cursor.fetchall()]

    assert not any("99000099" in text for text in stored)
    assert Agent.objects.get(pk=by.agent_id).phone == "+33199000099"


def test_a_command_for_a_leg_whose_call_is_gone_ends_without_a_word(line: Line):
    leg = Leg.objects.create(to=SIMULATED_AGENT)
    Command.objects.create(kind="dial_agent", key="stale", leg=leg, argument=SIMULATED_AGENT)

    carry_due(Provider())

    assert Command.objects.get().error == "the call is no longer known"
    assert not agents_legs(line)


def _index(value: str) -> str:
    from contactcenter.crypto import blind_index

    return blind_index(value)


def test_a_leg_whose_end_is_never_told_is_found_out_and_its_caller_put_back(line: Line):
    call = waiting(line)
    since = WorkItem.objects.get().enqueued_at
    work.take_next(there())
    assert line.carry(is_connected)
    line.network.repeat_status = 0
    agents_legs(line)[0].hang_up()
    agents_legs(line)[0].join_end()
    assert watch_legs(Provider()) == 0  # it was dialled a moment ago, and tells for itself
    Leg.objects.update(started_at=timezone.now() - timedelta(seconds=6))

    assert watch_legs(Provider()) == 1

    assert line.carry(lambda: call.state == "queued")
    assert (WorkItem.objects.get().state, WorkItem.objects.get().enqueued_at) == ("waiting", since)


def test_all_legs_are_dialled_at_one_pace_agents_first_and_the_next_as_soon_as_it_may_be(line: Line):
    for key, rank in (("person", 4), ("agent", 2)):
        leg = Leg.objects.create(to=f"client:{key}", call=Call.objects.first() or _a_call(line))
        Command.objects.create(kind="dial_agent", key=key, call=leg.call, leg=leg, argument=leg.to, rank=rank)
    provider = Provider()

    carry_due(provider)
    carry_due(provider)

    assert list(Command.objects.filter(kind="dial_agent", done_at=None).values_list("key", flat=True)) == ["person"]
    assert 0 < next_dial_in() <= 1


def _a_call(line: Line) -> Call:
    return calls.begin("CApace", number="+33639980001", line=line.office.phone)
