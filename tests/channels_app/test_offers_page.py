"""What is offered is on the desk, and the team's page shows who is there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.intake.services import receive
from contactcenter.people.points import spoken
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.models import Agent, Assignment, Offer, Presence, PresenceInterval, Queue, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.factories import a_caller, a_ticket, a_user, an_office

pytestmark = pytest.mark.django_db(transaction=True)


def logged_in(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def offered() -> tuple[Client, Offer]:
    user = a_user()
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=f"agent:{user.agent.pk}")
    receive(a_caller())
    dispatch()
    return logged_in(user), Offer.objects.get()


def test_an_offer_is_on_every_page_of_the_desk_and_accepted_with_a_button():
    client, offer = offered()

    page = client.get("/desk/").content.decode()
    assert f"/desk/offers/{offer.pk}/accept/" in page
    assert spoken(offer.work_item.ticket.answer_to.value) in page
    answer = client.post(f"/desk/offers/{offer.pk}/accept/", follow=True)

    assert offer.work_item.ticket.reference in answer.request["PATH_INFO"]
    assert WorkItem.objects.get().state == "assigned"


def test_a_call_is_offered_by_the_procedure_it_is_about():
    client, offer = offered()
    name = {"fr": "Renouveler mon titre", "en": "Renew my permit"}
    version = ProcedureVersion.objects.create(procedure=Procedure.objects.create(code="titre"), number=1, name=name)
    Ticket.objects.filter(pk=offer.work_item.ticket_id).update(procedure=version, subject="")

    assert "Renew my permit" in client.get("/desk/offers/").content.decode()


def test_who_is_offered_a_caller_whose_language_nobody_speaks_reads_so_before_they_accept():
    user = a_user()
    presence.set_presence(user.agent.pk, Presence.AVAILABLE, actor=f"agent:{user.agent.pk}")
    receive(a_caller(language="tr"))
    dispatch()

    assert "interpreter needed: Turkish" in logged_in(user).get("/desk/offers/").content.decode()


def test_an_offer_passed_on_is_gone_from_the_page():
    client, offer = offered()

    page = client.post(f"/desk/offers/{offer.pk}/decline/", follow=True).content.decode()

    assert f"/desk/offers/{offer.pk}/accept/" not in page
    assert WorkItem.objects.get().state == "waiting"


def test_an_offer_that_has_ended_is_told_in_a_sentence():
    client, offer = offered()
    client.post(f"/desk/offers/{offer.pk}/decline/")

    answer = client.post(f"/desk/offers/{offer.pk}/accept/")

    assert answer.status_code == 422
    assert "This offer has ended" in answer.content.decode()


def test_markup_in_a_name_is_shown_as_text():
    client, offer = offered()
    ticket = offer.work_item.ticket
    ticket.subject = "<b>x</b>"
    ticket.save()

    page = client.get("/desk/offers/").content.decode()

    assert "&lt;b&gt;x" in page
    assert "<b>x</b>" not in page


def test_a_supervisor_sees_the_team_and_may_change_presence_with_a_trace():
    agent = a_user()
    supervisor = a_user(Role.SUPERVISOR)
    client = logged_in(supervisor)
    assert str(agent) in client.get("/desk/team/").content.decode()

    client.post(f"/desk/team/{agent.agent.pk}/", {"state": "away", "reason": "went home ill"})

    interval = PresenceInterval.objects.get(agent__user=agent)
    assert (interval.state, interval.reason, interval.actor) == (
        "away",
        "went home ill",
        f"agent:{supervisor.agent.pk}",
    )


def test_the_team_is_for_those_who_lead_it_and_nobody_of_another_office_is_in_it():
    stranger = a_user(office=an_office("elsewhere"))
    assert logged_in(a_user()).get("/desk/team/").status_code == 404
    supervisor = logged_in(a_user(Role.SUPERVISOR))

    assert str(stranger) not in supervisor.get("/desk/team/").content.decode()
    assert supervisor.post(f"/desk/team/{stranger.agent.pk}/", {"state": "away"}).status_code == 404
    auditor = logged_in(a_user(Role.AUDITOR))
    changed = auditor.post(f"/desk/team/{Agent.objects.get(user__role='supervisor').pk}/", {"state": "away"})
    assert changed.status_code == 403


def test_those_who_are_there_come_first_however_large_the_team(monkeypatch):
    monkeypatch.setattr("channels_app.views.team.SHOWN", 2)
    client = logged_in(a_user(Role.SUPERVISOR))
    for _number in range(3):
        a_user()
    there = a_user()
    presence.set_presence(there.agent.pk, Presence.AVAILABLE, actor=f"agent:{there.agent.pk}")

    page = client.get("/desk/team/").content.decode()

    assert page.count("<tr>") == 1 + 2
    assert page.index(str(there)) < page.index("Offline")
    assert "The first 2 are shown" in page


def test_what_was_taken_out_of_turn_is_counted_today_for_each():
    first, second, yesterdays = (a_ticket().work_items.get() for _ in range(3))
    Queue.objects.update(choosing="reason")
    picky, fair = a_user(), a_user()
    routing.take(yesterdays.pk, principal_for(picky), reason="speaks to me")
    Assignment.objects.update(started_at=timezone.now() - timedelta(days=1))
    routing.take(second.pk, principal_for(picky), reason="speaks to me")
    routing.take(first.pk, principal_for(fair))

    page = logged_in(a_user(Role.SUPERVISOR)).get("/desk/team/")

    assert {one.name: one.chosen for one in page.context["team"] if one.in_hand} == {str(picky): 1, str(fair): 0}
    assert "Out of turn today" in page.content.decode()


def test_the_team_costs_the_same_queries_however_much_is_in_hand(django_assert_max_num_queries):
    client = logged_in(a_user(Role.SUPERVISOR))
    for _number in range(12):
        worker = a_user()
        presence.set_presence(worker.agent.pk, Presence.AVAILABLE, actor=f"agent:{worker.agent.pk}")
        routing.take(a_ticket().work_items.get().pk, principal_for(worker))
    client.get("/desk/team/")

    with django_assert_max_num_queries(10):
        client.get("/desk/team/")
