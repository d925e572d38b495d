"""What an agent does, by plain forms that need no JavaScript; a refusal loses nothing that was typed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contactcenter.accounts.models import Role
from contactcenter.accounts.principal import Principal
from contactcenter.desk.dispositions import DISPOSITIONS
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.routing import calls
from contactcenter.routing.models import Agent, Assignment, Presence, Queue, Skill, WorkItem, WorkState
from contactcenter.routing.selectors import principal_for, queues_of
from contactcenter.routing.services import done, take
from contactcenter.tickets.models import Note
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=2)


@pytest.fixture
def agent(client):
    user = a_user()
    client.force_login(user)
    return user


def post(client, ticket, verb, **fields):
    return client.post(f"/desk/tickets/{ticket.reference}/{verb}/", fields)


def the_work(ticket) -> WorkItem:
    return ticket.work_items.get()


def test_taking_the_next_opens_the_most_late(client, agent):
    a_ticket()
    late = a_ticket(occurred_at=timezone.now() - LONG_AGO)

    answer = client.post("/desk/next/")

    assert answer.url == f"/desk/tickets/{late.reference}/"
    assert Assignment.objects.get().work_item.ticket == late


def test_taking_the_next_of_nothing_is_said_kindly(client, agent):
    answer = client.post("/desk/next/", follow=True)

    assert "Rien n'attend pour vous en ce moment." in answer.content.decode().replace("&#x27;", "'")


def test_taking_the_next_of_what_is_kept_back_says_what_keeps_it(client, agent):
    ticket = a_ticket()
    receive(a_caller())
    Queue.objects.update(cap=0)
    Agent.objects.get(user=agent).skills.set(Skill.objects.filter(code="writing"))

    page = client.post("/desk/next/", follow=True).context

    assert ["plafond" in str(told) for told in page["messages"]] == [True]
    assert ticket.work_items.get().state == "waiting"


def test_a_chosen_one_is_taken_and_given_back(client, agent):
    item = the_work(a_ticket())

    client.post(f"/desk/work-items/{item.pk}/take/")
    item.refresh_from_db()
    taken = item.state
    client.post(f"/desk/work-items/{item.pk}/release/")
    item.refresh_from_db()

    assert (taken, item.state) == (WorkState.ASSIGNED, WorkState.WAITING)


def test_one_that_another_has_taken_says_who(client, agent):
    item = the_work(a_ticket())
    other = an_agent()
    take(item.pk, other)

    answer = client.post(f"/desk/work-items/{item.pk}/take/")

    assert answer.status_code == 409
    assert other.label in answer.content.decode()


def test_a_reply_leaves_by_the_means_that_was_chosen(client, agent):
    ticket = a_ticket()

    answer = post(client, ticket, "reply", text="Venez jeudi.", means="page")

    assert answer.url == f"/desk/tickets/{ticket.reference}/"
    assert Delivery.objects.get(purpose="reply").means == "page"


def test_after_a_reply_the_page_lets_the_browser_forget_the_draft(client, agent):
    ticket = a_ticket()

    page = client.post(f"/desk/tickets/{ticket.reference}/reply/", {"text": "Venez."}, follow=True).content.decode()

    assert f'data-done="{agent.pk}:{ticket.reference}:reply' in page


def test_a_means_we_have_no_address_for_is_refused_beside_what_was_typed(client, agent):
    ticket = a_ticket()

    answer = post(client, ticket, "reply", text="Un texte que personne ne veut perdre.", means="sms")

    assert answer.status_code == 422
    assert "Un texte que personne ne veut perdre.</textarea>" in answer.content.decode()
    assert not Delivery.objects.filter(purpose="reply").exists()


def test_an_answer_while_a_colleague_answers_is_refused_and_kept(client, agent):
    ticket = a_ticket()
    other = an_agent()
    take(the_work(ticket).pk, other)

    answer = post(client, ticket, "reply", text="Moi aussi.")

    assert answer.status_code == 409
    assert other.label in answer.content.decode()
    assert "Moi aussi.</textarea>" in answer.content.decode()


def test_a_note_is_kept_for_colleagues(client, agent):
    ticket = a_ticket()

    post(client, ticket, "note", text="À rappeler jeudi.")

    assert Note.objects.get(ticket=ticket).text == "À rappeler jeudi."


def test_a_request_is_passed_to_a_colleague_with_a_word(client, agent):
    ticket = a_ticket()
    colleague = an_agent()

    answer = post(client, ticket, "transfer", to=f"agent:{colleague.agent_id}", text="Pour toi.")

    assert answer.url == "/desk/"
    assert Assignment.objects.get(ended_at=None).agent_id == colleague.agent_id


def test_a_request_passed_to_nobody_is_refused_and_the_word_is_kept(client, agent):
    ticket = a_ticket()

    answer = post(client, ticket, "transfer", to="queue:999999", text="Pour toi.")

    assert answer.status_code == 422
    assert "Pour toi.</textarea>" in answer.content.decode()


def test_who_was_chosen_is_still_chosen_after_a_refusal(client, agent):
    away = Agent.objects.get(pk=an_agent().agent_id)
    Agent.objects.filter(pk=away.pk).update(presence=Presence.AWAY)

    answer = post(client, a_ticket(), "transfer", to=f"agent:{away.pk}", text="Pour toi.")

    assert answer.status_code == 422
    assert f'<option value="agent:{away.pk}" selected>' in answer.content.decode()


def test_nobody_is_chosen_for_whoever_passes_a_request_on(client, agent):
    """What stands first would be another office's queue, one key away from being sent."""
    page = client.get(f"/desk/tickets/{a_ticket().reference}/").content.decode()

    assert 'id="transfer-to" name="to" required><option value=""></option>' in page


def test_a_request_is_set_aside_until_a_date(client, agent):
    ticket = a_ticket()
    until = timezone.localtime() + LONG_AGO

    post(client, ticket, "hold", until=until.strftime("%Y-%m-%dT%H:%M"), text="Attend sa carte.")

    item = the_work(ticket)
    assert item.state == WorkState.SCHEDULED
    assert abs(item.due_from - until) < timedelta(minutes=1)


@pytest.mark.parametrize("until", ["", "demain", "2026-99-99T10:00", "2020-01-01T10:00"])
def test_a_date_that_is_none_is_refused_and_the_reason_is_kept(client, agent, until):
    ticket = a_ticket()

    answer = post(client, ticket, "hold", until=until, text="Attend sa carte.")

    assert answer.status_code == 422
    assert "Attend sa carte.</textarea>" in answer.content.decode()


def test_solving_with_a_sentence_answers_and_closes(client, agent):
    ticket = a_ticket()

    answer = post(client, ticket, "solve", disposition="answered", text="C'est réglé.", **{"from": "reply"})

    ticket.refresh_from_db()
    assert answer.url == "/desk/"
    assert ticket.state == "solved"
    assert Delivery.objects.filter(purpose="reply").count() == 1


def test_no_request_ends_with_another_channel(client, agent):
    ticket = a_ticket()
    page = client.get(f"/desk/tickets/{ticket.reference}/").content.decode()
    offered = re.search(r'<select id="solve-disposition".*?</select>', page, re.DOTALL)

    answer = client.post(
        f"/desk/tickets/{ticket.reference}/solve/", {"disposition": "use_another_channel", "text": "Voyez le site."}
    )

    assert set(re.findall(r'value="(\w+)"', offered.group())) == set(DISPOSITIONS)
    assert not any("channel" in code for code in DISPOSITIONS)
    assert answer.status_code == 422
    assert "Voyez le site." in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "new"


def test_solving_without_a_sentence_to_the_person_is_refused(client, agent):
    ticket = a_ticket()

    answer = post(client, ticket, "solve", disposition="answered")

    ticket.refresh_from_db()
    assert answer.status_code == 422
    assert ticket.state != "solved"


def test_an_auditor_reads_and_writes_nothing(client):
    client.force_login(a_user(Role.AUDITOR))
    ticket = a_ticket()

    assert client.get(f"/desk/tickets/{ticket.reference}/").status_code == 200
    assert post(client, ticket, "note", text="x").status_code == 403
    assert client.post(f"/desk/work-items/{the_work(ticket).pk}/take/").status_code == 403


def test_a_megabyte_pasted_as_a_note_is_refused_with_a_sentence_and_kept(client, agent):
    ticket = a_ticket()
    text = "x" * 1_000_000

    answer = post(client, ticket, "note", text=text)

    assert answer.status_code == 422
    assert text in answer.content.decode()


def test_presence_is_said_by_the_agent(client, agent):
    client.post("/desk/presence/", {"state": "available"})
    by = principal_for(agent)
    agent.agent.refresh_from_db()
    available = agent.agent.presence
    client.post("/desk/presence/", {"state": "busy"})  # what the centre itself decides is not for choosing
    agent.agent.refresh_from_db()

    assert (available, agent.agent.presence) == ("available", "available")
    assert by.agent_id == agent.agent.pk


def test_verbs_are_not_done_by_a_mere_visit(client, agent):
    ticket = a_ticket()

    assert client.get(f"/desk/tickets/{ticket.reference}/reply/").status_code == 405
    assert client.get("/desk/next/").status_code == 405


@pytest.mark.parametrize("gone", [False, True])
def test_a_supervisor_s_reason_stays_in_its_form_when_the_promise_cannot_be_changed(client, gone):
    """Somebody took it meanwhile, or it is done: the form is gone by then, and what was written in it must not be."""
    client.force_login(a_user(Role.SUPERVISOR))
    item = a_ticket().work_items.get()
    take(item.pk, an_agent(), reason="test")
    if gone:
        done(item.pk, Principal.of_service())

    answer = client.post(
        f"/desk/work-items/{item.pk}/promise/", {"service_class": "urgent", "reason": "Expulsion demain"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Expulsion demain"' in page
    assert 'value="urgent" selected' in page or gone
    assert f'data-reference="{item.ticket.reference}"' in page


def test_a_supervisor_s_reason_and_whom_they_chose_stay_when_it_cannot_be_given(client):
    client.force_login(supervisor := a_user(Role.SUPERVISOR))
    item = receive(a_caller()).work_items.get()
    take(item.pk, an_agent(), reason="test")
    calls.connected(item.pk)
    to = f"queue:{queues_of(principal_for(supervisor)).get().pk}"

    answer = client.post(f"/desk/work-items/{item.pk}/reassign/", {"to": to, "reason": "Parle arabe"})

    assert answer.status_code == 422
    assert 'value="Parle arabe"' in answer.content.decode()
    assert f'value="{to}" selected' in answer.content.decode()


def test_why_one_is_taken_out_of_its_turn_is_kept_when_another_was_quicker(client, agent):
    item = a_ticket().work_items.get()
    take(item.pk, an_agent(), reason="test")

    answer = client.post(f"/desk/work-items/{item.pk}/take/", {"reason": "au guichet devant moi"})

    assert answer.status_code == 409
    assert 'value="au guichet devant moi"' in answer.content.decode()


def test_out_of_its_turn_one_is_asked_why_and_what_is_typed_is_kept():
    office = an_office()
    Queue.objects.filter(office=office).update(choosing="reason")
    a_ticket(occurred_at=timezone.now() - timedelta(hours=3))
    later = a_ticket().work_items.get()
    client = Client()
    client.force_login(a_user())

    asked = client.post(f"/desk/work-items/{later.pk}/take/")
    assert (asked.status_code, 'name="reason"' in asked.content.decode()) == (200, True)
    taken = client.post(f"/desk/work-items/{later.pk}/take/", {"reason": "au guichet devant moi"})

    assert taken.status_code == 302
    assert Assignment.objects.get(work_item=later).chosen_because == "au guichet devant moi"
