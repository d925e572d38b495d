"""A supervisor changes what waits first, and says why."""

import html

import pytest
from django.test import Client

from contactcenter.accounts.models import Role
from contactcenter.desk import drafts, surgery
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Agent, Presence, Queue
from tests.contracts.asking import asking_as
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db


def test_work_gets_another_promise_keeps_its_age_and_the_reason_is_a_note():
    ticket = a_ticket()
    item = ticket.work_items.get()

    changed = surgery.reprioritise(item.pk, "urgent", an_agent(role=Role.SUPERVISOR), reason="Vol demain matin")

    assert (changed.lane.service_class, changed.enqueued_at) == ("urgent", item.enqueued_at)
    assert ticket.notes.get().text == "Vol demain matin"
    assert ticket.events.get(kind="work_item.reprioritised").data["was"] == "message"


def test_who_may_not_and_what_cannot_be_is_refused():
    item = a_ticket().work_items.get()
    call = receive(a_caller()).work_items.get()
    boss = an_agent(role=Role.SUPERVISOR)
    with pytest.raises(NotAllowedError):
        surgery.reprioritise(item.pk, "urgent", an_agent(), reason="x")
    with pytest.raises(NotFoundError):
        surgery.reprioritise(item.pk, "urgent", an_agent(role=Role.SUPERVISOR, office=an_office("else")), reason="x")
    for number, promise, reason in ((item.pk, "urgent", " "), (item.pk, "nonsense", "x"), (call.pk, "urgent", "x")):
        with pytest.raises(InvalidError):
            surgery.reprioritise(number, promise, boss, reason=reason)
    routing.take(item.pk, an_agent())
    with pytest.raises(AlreadyTakenError):
        surgery.reprioritise(item.pk, "urgent", boss, reason="x")


def test_work_in_somebody_s_hands_goes_into_others_with_its_age_its_draft_and_the_reason():
    ticket, away, there = a_ticket(), an_agent(), an_agent()
    item = routing.take(ticket.work_items.get().pk, away).work_item
    drafts.keep(ticket.reference, "reply", "Bonjour, nous", away)
    boss = an_agent(role=Role.SUPERVISOR)

    surgery.reassign(item.pk, boss, agent=Agent.objects.get(pk=there.agent_id), reason="Claire est malade")

    held = item.assignments.get(ended_at=None)
    item.refresh_from_db()
    assert (held.agent_id, item.enqueued_at) == (there.agent_id, ticket.opened_at)
    assert ticket.notes.get().text == "Claire est malade"
    assert ticket.events.get(kind="ticket.reassigned").data == {"work_item": item.pk, "agent": there.agent_id}
    assert drafts.of(ticket, away) == {"reply": "Bonjour, nous"}


def test_work_goes_to_another_queue_of_one_s_own_and_waits_there_at_its_age():
    ticket = a_ticket()
    item = ticket.work_items.get()
    other = Queue.objects.create(office=ticket.office, slug="other", name="Autre", arrives_here=False)

    moved = surgery.reassign(item.pk, an_agent(role=Role.SUPERVISOR), queue=other, reason="Spécialistes")

    assert (moved.lane.queue, moved.state, moved.enqueued_at) == (other, "waiting", item.enqueued_at)
    assert ticket.events.get(kind="work_item.moved").data["queue"] == other.pk


def test_what_a_supervisor_may_not_move_is_refused():
    ticket, boss = a_ticket(), an_agent(role=Role.SUPERVISOR)
    item = ticket.work_items.get()
    me = Agent.objects.get(pk=boss.agent_id)
    elsewhere = an_agent(office=an_office("else"))
    stranger, hidden = Agent.objects.get(pk=elsewhere.agent_id), Queue.objects.get(office=an_office("else"))
    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, an_agent())

    with pytest.raises(NotAllowedError):
        surgery.reassign(item.pk, an_agent(), agent=me, reason="x")
    with pytest.raises(NotFoundError):
        surgery.reassign(item.pk, an_agent(role=Role.SUPERVISOR, office=an_office("else")), agent=stranger, reason="x")
    for where in ({"agent": stranger}, {"queue": hidden}):
        with pytest.raises(NotFoundError):
            surgery.reassign(item.pk, boss, reason="x", **where)
    for where, reason in (({}, "x"), ({"agent": me}, " ")):
        with pytest.raises(InvalidError):
            surgery.reassign(item.pk, boss, reason=reason, **where)
    with pytest.raises(InvalidError):  # in the middle of a conversation
        surgery.reassign(call.pk, boss, agent=me, reason="x")


def test_both_over_the_api():
    boss, agent = a_user(Role.SUPERVISOR), a_user()
    number = a_ticket().work_items.get().pk
    api = asking_as(boss)

    moved = api.post(f"/work-items/{number}/reassign", {"agent": agent.username, "reason": "Urgent"})
    refused = asking_as(agent).post(f"/work-items/{number}/reassign", {"agent": agent.username, "reason": "x"})
    waits = a_ticket().work_items.get().pk
    sooner = api.post(f"/work-items/{waits}/reprioritise", {"service_class": "urgent", "reason": "Vol demain"})

    assert (moved.status_code, moved.json()["state"]) == (200, "assigned")
    assert refused.status_code == 403
    assert sooner.status_code == 200
    assert api.post(f"/work-items/{waits}/reassign", {"agent": agent.username}).status_code == 422


def a_colleague(state: Presence = Presence.AVAILABLE) -> Agent:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, state, actor=by.actor, reason="lunch")
    return Agent.objects.get(pk=by.agent_id)


@pytest.mark.parametrize("kind", ["call", "callback"])
@pytest.mark.parametrize("state", [Presence.AWAY, Presence.OFFLINE])
def test_who_waits_for_a_voice_is_given_to_nobody_who_is_not_there(kind: str, state: Presence):
    item, colleague = receive(a_caller(needs=kind)).work_items.get(), a_colleague(state)
    boss = an_agent(role=Role.SUPERVISOR)

    with pytest.raises(InvalidError, match=str(colleague)):
        surgery.reassign(item.pk, boss, agent=colleague, reason="Elle le connaît")

    item.refresh_from_db()
    assert item.state == "waiting"
    there = a_colleague()
    surgery.reassign(item.pk, boss, agent=there, reason="Elle le connaît")
    assert item.assignments.get(ended_at=None).agent == there


def test_a_caller_is_given_to_nobody_who_is_on_the_line():
    first, second = (receive(a_caller(number)).work_items.get() for number in ("+33639980001", "+33639980002"))
    colleague, boss = a_colleague(), an_agent(role=Role.SUPERVISOR)
    surgery.reassign(first.pk, boss, agent=colleague, reason="x")

    with pytest.raises(InvalidError, match=str(colleague)):
        surgery.reassign(second.pk, boss, agent=colleague, reason="x")


@pytest.mark.parametrize(
    ("state", "says"), [(Presence.AWAY, "est absent"), (Presence.OFFLINE, "n'est pas là"), (Presence.AVAILABLE, "")]
)
def test_written_work_may_be_given_to_who_is_not_there_and_that_is_said(client: Client, state: Presence, says: str):
    colleague, ticket = a_colleague(state), a_ticket()
    number = ticket.work_items.get().pk
    boss = a_user(Role.SUPERVISOR)
    client.force_login(boss)

    offered = html.unescape(client.get(f"/desk/tickets/{ticket.reference}/").content.decode())
    given = asking_as(boss).post(f"/work-items/{number}/reassign", {"agent": colleague.pk, "reason": "Son dossier"})
    moved = {"to": f"agent:{colleague.pk}", "reason": "Son dossier"}
    answer = client.post(f"/desk/work-items/{number}/reassign/", moved, follow=True)
    page = html.unescape(answer.content.decode())

    assert given.json()["state"] == "assigned"
    absent = f"{colleague} {says or 'est absent'}\u00a0:"
    assert (absent in given.json()["reason"], absent in page) == (bool(says), bool(says))
    assert (f"{colleague} – " in offered) is bool(says)


def test_from_the_ticket_s_page_into_a_colleague_s_hands():
    ticket, colleague = a_ticket(), a_user()
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user(Role.SUPERVISOR))
    assert "Other hands" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    number = ticket.work_items.get().pk
    client.post(f"/desk/work-items/{number}/reassign/", {"to": f"agent:{colleague.agent.pk}", "reason": "Absente"})

    assert ticket.work_items.get().assignments.get(ended_at=None).agent == colleague.agent
    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    assert f"Given to {colleague} by a supervisor" in page


def test_from_the_ticket_s_page():
    ticket = a_ticket()
    client = Client(headers={"accept-language": "en"})
    client.force_login(a_user(Role.SUPERVISOR))
    assert "Another promise" in client.get(f"/desk/tickets/{ticket.reference}/").content.decode()

    number = ticket.work_items.get().pk
    client.post(f"/desk/work-items/{number}/promise/", {"service_class": "immediate", "reason": "Vol demain"})

    assert ticket.work_items.get().lane.service_class == "immediate"
