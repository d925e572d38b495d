"""Presence: kept as intervals, ended by silence, shown by what is in hand."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.signals import post_save
from django.utils import timezone

from contactcenter.accounts.models import ApiToken, Role
from contactcenter.desk import drafts
from contactcenter.intake.services import receive
from contactcenter.routing import calls, holding, offers, presence, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import LEASE, Agent, Assignment, Offer, Presence, PresenceInterval, Pulse, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.signs import sign_of_life
from tests.factories import a_caller, a_ticket, a_user, an_agent

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


def test_who_opens_the_lid_again_is_there_again_as_they_said():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    silent_for(number, 180)
    presence.sweep_presence()
    receive(a_caller())
    assert dispatch() == 0

    presence.signs_of_life([number])
    presence.sweep_presence()

    assert Agent.objects.get(pk=number).presence == "available"
    assert dispatch() == 1


def test_who_was_away_is_away_again_and_a_machine_that_wakes_at_night_is_nobody():
    by, other = an_agent(), an_agent()
    for one in (by, other):
        presence.set_presence(one.agent_id or 0, Presence.AWAY, actor=one.actor, reason="training")
        silent_for(one.agent_id or 0, 180)
    presence.sweep_presence()
    Agent.objects.filter(pk=other.agent_id).update(since=timezone.now() - timedelta(hours=3))

    presence.signs_of_life([by.agent_id or 0, other.agent_id or 0])
    presence.sweep_presence()

    back, asleep = Agent.objects.get(pk=by.agent_id), Agent.objects.get(pk=other.agent_id)
    assert (back.presence, back.reason, asleep.presence) == ("away", "training", "offline")


def test_who_comes_back_while_others_are_put_offline_keeps_presence_and_work():
    gone, back = an_agent(), an_agent()
    for by in (gone, back):
        presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
        silent_for(by.agent_id or 0, 180)
    item = a_ticket().work_items.get()
    routing.take(item.pk, back)

    def returns(**_: object) -> None:
        presence.signs_of_life([back.agent_id or 0])

    post_save.connect(returns, sender=PresenceInterval, weak=False, dispatch_uid="test")
    assert presence.sweep_presence() == 1
    post_save.disconnect(sender=PresenceInterval, dispatch_uid="test")

    assert WorkItem.objects.get(pk=item.pk).state == "assigned"
    assert Agent.objects.get(pk=back.agent_id).presence == "available"


def test_who_holds_work_without_ever_saying_to_be_there_loses_it_by_silence_too():
    program, handed = an_agent(), an_agent()
    taken, passed = a_ticket().work_items.get(), a_ticket().work_items.get()
    routing.take(taken.pk, program)
    routing.move(passed.pk, actor="agent:1", agent=Agent.objects.get(pk=handed.agent_id))
    silent_for(program.agent_id or 0, 121)
    presence.sweep_presence()
    assert WorkItem.objects.filter(state="assigned").count() == 2  # held for a moment only

    Assignment.objects.update(started_at=timezone.now() - timedelta(seconds=121))
    presence.sweep_presence()

    assert WorkItem.objects.filter(state="waiting").count() == 2


def test_what_was_offered_to_somebody_else_meanwhile_stays_theirs():
    first, second = an_agent(), an_agent()
    for by in (first, second):
        presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    call = receive(a_caller()).work_items.get()
    dispatch()
    passed_on = Offer.objects.get()
    offers.decline(passed_on.pk, first if passed_on.agent_id == first.agent_id else second)
    dispatch()

    holding.take_back_offers(passed_on.agent_id)

    assert WorkItem.objects.get(pk=call.pk).state == "offered"


def test_silence_takes_nobody_out_of_a_conversation():
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


@pytest.mark.django_db(transaction=True)  # it closes its connection
def test_the_live_process_says_itself_that_it_is_back(monkeypatch, settings):
    settings.CC_LIVE_PORT = 1
    monkeypatch.setattr("uvicorn.run", lambda *args, **more: None)
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    silent_for(by.agent_id or 0, 600)

    call_command("live")

    assert presence.sweep_presence() == 0
    assert Agent.objects.get(pk=by.agent_id).presence == "available"


def test_busy_and_wrap_up_follow_from_what_is_in_hand():
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


def seen_at(agent_id: int):
    return Agent.objects.get(pk=agent_id).seen_at


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.AGENT, "/desk/"),
        (Role.AGENT, "/wallboard/"),
        (Role.CLERK, "/mailroom/"),
        (Role.SUPERVISOR, "/desk/reports/"),
        (Role.AGENT, "/api/v1/me/presence"),
        (Role.AGENT, "/api/v1/queue"),
    ],
)
def test_any_page_and_any_call_of_an_agent_is_a_sign_of_life(client, monkeypatch, role, path):
    monkeypatch.setattr("contactcenter.routing.signs._passed_on", {})
    user = a_user(role)
    if path.startswith("/api/"):
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {ApiToken.issue(user, 'test')}"
    else:
        client.force_login(user)

    assert client.get(path).status_code == 200

    assert seen_at(user.agent.pk) > timezone.now() - timedelta(seconds=5)


def test_ten_tabs_that_ask_at_once_are_one_agent_and_one_line_in_the_database(
    client, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("contactcenter.routing.signs._passed_on", {})
    number = a_user().agent.pk
    with django_assert_num_queries(1):
        for _tab in range(10):
            sign_of_life(number)

    assert PresenceInterval.objects.filter(agent=number).count() == 0  # a sign of life chooses nothing


def test_a_tab_that_is_closed_takes_nobody_away_while_another_is_open():
    by = an_agent()
    number = by.agent_id or 0
    presence.set_presence(number, Presence.AVAILABLE, actor=by.actor)
    silent_for(number, 121)

    presence.signs_of_life([number])

    assert presence.sweep_presence() == 0
    assert Agent.objects.get(pk=number).presence == "available"


def test_who_went_silent_finds_the_draft_again_and_the_work_at_its_place(client):
    user = a_user()
    by = principal_for(user)
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=by.actor)
    ticket = a_ticket(occurred_at=timezone.now() - timedelta(hours=3))
    before = ticket.work_items.get()
    routing.take(before.pk, by)
    client.force_login(user)
    drafts.keep(ticket.reference, "reply", "Bonjour, votre carte", by)
    silent_for(user.agent.pk, 130)

    presence.sweep_presence()

    after = WorkItem.objects.get(pk=before.pk)
    assert (after.state, after.enqueued_at, after.lane_id) == ("waiting", before.enqueued_at, before.lane_id)
    assert "Bonjour, votre carte</textarea>" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()


def test_an_agent_deactivated_in_a_conversation_finishes_it():
    user = a_user()
    by = principal_for(user)
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=by.actor)
    letter = a_ticket().work_items.get()
    routing.take(letter.pk, by)
    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, by)
    calls.connected(call.pk)

    user.is_active = False
    user.save()
    silent_for(user.agent.pk, 600)
    presence.sweep_presence()
    sweeps.sweep_leases()
    talking = WorkItem.objects.get(pk=call.pk)
    calls.over(call.pk, outcome="served")

    assert (talking.state, talking.stage) == ("assigned", "connected")
    assert WorkItem.objects.get(pk=letter.pk).state == "waiting"  # what was written is for the others
    assert WorkItem.objects.get(pk=call.pk).outcome == "served"


def test_the_wrap_up_ends_by_its_timer_and_until_then_no_call_is_offered():
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, by)
    calls.connected(call.pk)
    calls.over(call.pk, outcome="served")
    held = Assignment.objects.get(work_item=call)
    receive(a_caller("+33639980002"))
    assert held.lease_until - held.wrap_up_at == timedelta(seconds=call.lane.queue.wrap_up_s)
    assert (sweeps.sweep_leases(), dispatch()) == (0, 0)

    Assignment.objects.filter(pk=held.pk).update(lease_until=timezone.now())

    assert (sweeps.sweep_leases(), dispatch()) == (1, 1)
    assert WorkItem.objects.get(pk=call.pk).state == "done"


@pytest.mark.parametrize(("gone", "asked", "back"), [(14, False, 0), (16, True, 0), (19, True, 0), (21, True, 1)])
def test_after_fifteen_minutes_one_is_asked_and_after_twenty_it_goes_back(client, gone, asked, back):
    user = a_user()
    ticket = a_ticket()
    routing.take(ticket.work_items.get().pk, principal_for(user))
    client.force_login(user)
    started = timezone.now() - timedelta(minutes=gone)
    Assignment.objects.update(started_at=started, lease_until=started + LEASE)

    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    assert ("Toujours dessus" in page) is asked
    assert sweeps.sweep_leases() == back


def test_what_is_set_aside_for_a_long_call_is_not_given_back():
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    letter = a_ticket().work_items.get()
    routing.take(letter.pk, by)
    routing.take(receive(a_caller()).work_items.get().pk, by)

    Assignment.objects.filter(work_item=letter).update(lease_until=timezone.now() - timedelta(minutes=30))

    assert sweeps.sweep_leases() == 0
    assert WorkItem.objects.get(pk=letter.pk).state == "assigned"
