"""Presence: kept as intervals, ended by silence, shown by what is in hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Presence, PresenceInterval, Pulse, WorkItem
from tests.factories import a_caller, a_ticket, an_agent

pytestmark = pytest.mark.django_db


def silent_for(agent_id: int, seconds: int) -> None:
    Agent.objects.filter(pk=agent_id).update(seen_at=timezone.now() - timedelta(seconds=seconds))


def test_presence_is_kept_as_intervals_with_reason_and_who_said_so():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    presence.set_presence(number, Presence.AWAY, actor="agent:99", reason="training")

    first, second = PresenceInterval.objects.filter(agent=number).order_by("started_at")
    assert (first.state, first.ended_at) == ("available", second.started_at)
    assert (second.state, second.reason, second.actor, second.ended_at) == ("away", "training", "agent:99", None)


def test_two_minutes_of_silence_end_presence_and_give_written_work_back():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    item = a_ticket().work_items.get()
    routing.take(item.pk, by)
    silent_for(number, 119)
    assert presence.sweep_presence() == 0

    silent_for(number, 121)

    assert presence.sweep_presence() == 1
    fresh = WorkItem.objects.get(pk=item.pk)
    assert (fresh.state, fresh.enqueued_at) == ("waiting", item.enqueued_at)
    assert Agent.objects.get(pk=number).presence == "offline"


def test_silence_takes_nobody_out_of_a_conversation():
    from contactcenter.intake.services import receive

    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, by)
    silent_for(number, 600)

    presence.sweep_presence()

    assert WorkItem.objects.get(pk=call.pk).state == "assigned"


def test_while_the_live_process_was_away_nobody_was_silent():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    silent_for(number, 600)
    presence.live_began()
    assert presence.sweep_presence() == 0

    Pulse.objects.update(began_at=timezone.now() - timedelta(seconds=121))

    assert presence.sweep_presence() == 1


def test_busy_and_wrap_up_follow_from_what_is_in_hand():
    from contactcenter.intake.services import receive

    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    agent = Agent.objects.get(pk=number)
    assert presence.state_of(agent) == "available"

    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, by)
    assert presence.state_of(agent) == "busy"

    WorkItem.objects.filter(pk=call.pk).update(stage="wrap_up")
    assert presence.state_of(agent) == "wrap_up"


def test_written_work_keeps_one_busy_only_at_capacity():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    Agent.objects.filter(pk=number).update(capacity=2)
    agent = Agent.objects.get(pk=number)
    routing.take(a_ticket().work_items.get().pk, by)
    assert presence.state_of(agent) == "available"

    routing.take(a_ticket().work_items.get().pk, by)

    assert presence.state_of(agent) == "busy"
