"""What an agent finishes, sets aside or closes takes no promise from anybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import lastmile, surgery, work
from contactcenter.desk import services as desk
from contactcenter.errors import InvalidError
from contactcenter.intake.services import receive
from contactcenter.routing import calls
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Agent, Assignment, Queue, WorkItem
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.models import Ticket
from tests.factories import a_ticket, a_user, an_agent, an_inbound
from tests.routing.test_offers import offers_written, there

pytestmark = pytest.mark.django_db(transaction=True)


def a_callback(ticket: Ticket, *, hours: int = 0) -> WorkItem:
    at = timezone.now() + timedelta(hours=hours) if hours else None
    return routing.open_work_item(ticket, "callback", actor="system", due_from=at)


def stands(item: WorkItem) -> tuple[str, str]:
    return WorkItem.objects.values_list("state", "stage").get(pk=item.pk)


def next_week():
    return timezone.now() + timedelta(days=7)


def test_a_message_that_nobody_answered_is_not_done():
    ticket, by = a_ticket(), an_agent()
    item = routing.take_next(by).work_item

    with pytest.raises(InvalidError, match="écrivez à la personne"):
        work.done(item.pk, by)

    assert stands(item) == ("assigned", "")
    desk.reply(ticket.reference, "Oui.", by)
    assert work.done(item.pk, by).state == "done"


def test_one_of_two_messages_is_done_while_the_other_waits_for_the_answer():
    ticket, by = a_ticket(), an_agent()
    receive(an_inbound(ticket_id=ticket.pk, text="Merci !"))
    first, second = ticket.work_items.order_by("pk")

    assert work.done(second.pk, by).state == "done"
    with pytest.raises(InvalidError):
        work.done(first.pk, by)


def test_a_callback_that_is_being_spoken_stays_in_the_hands_of_who_speaks():
    by, ticket = there(), a_ticket()
    callback = a_callback(ticket)
    routing.take(callback.pk, by)
    calls.connected(callback.pk)

    desk.hold(ticket.reference, by, until=next_week())
    desk.transfer(ticket.reference, by, queue=Queue.objects.get())
    desk.solve(ticket.reference, by, disposition="duplicate")

    assert stands(callback) == ("assigned", "connected")
    assert Assignment.objects.get(work_item=callback, ended_at=None).agent_id == by.agent_id


def test_a_promised_hour_is_kept_whatever_becomes_of_the_written_work():
    by, colleague, ticket = there(), there(), a_ticket()
    callback = a_callback(ticket, hours=3)
    other = routing.take(a_ticket().work_items.get().pk, colleague).work_item

    desk.hold(ticket.reference, by, until=next_week())
    desk.transfer(ticket.reference, by, queue=Queue.objects.get())
    desk.transfer(ticket.reference, by, agent=Agent.objects.get(pk=colleague.agent_id))
    desk.transfer(ticket.reference, an_agent(role="supervisor"), queue=Queue.objects.get())
    desk.solve(ticket.reference, by, disposition="duplicate")

    assert stands(callback) == ("scheduled", "")
    assert WorkItem.objects.get(pk=callback.pk).due_from == callback.due_from
    assert Assignment.objects.get(work_item=other, ended_at=None).parked_at is None


def test_a_call_for_a_promised_hour_goes_into_no_agent_s_hands():
    callback = a_callback(a_ticket(), hours=3)
    boss, agent = an_agent(role="supervisor"), an_agent()

    with pytest.raises(InvalidError, match="promis pour une heure"):
        surgery.reassign(callback.pk, boss, agent=Agent.objects.get(pk=agent.agent_id), reason="Elle la connaît")

    assert stands(callback) == ("scheduled", "")


def test_a_caller_who_chose_to_be_called_back_is_called_though_the_request_is_a_duplicate():
    ticket = a_ticket()
    callback = a_callback(ticket)

    desk.solve(ticket.reference, an_agent(), disposition="duplicate")

    assert stands(callback) == ("waiting", "")


def test_who_was_granted_something_stays_owed_an_appointment_whatever_is_solved():
    ticket, by = a_ticket(), an_agent()
    granted = timezone.localdate() - timedelta(days=31)
    lastmile.decide(ticket.reference, by, favourable=True, decided_on=granted)
    lastmile.sweep_follow_ups()

    desk.solve(ticket.reference, by, disposition="answered", text="Bonjour.")

    owed = WorkItem.objects.get(kind="follow_up")
    assert stands(owed) == ("waiting", "")
    lastmile.decide(ticket.reference, by, favourable=False, decided_on=timezone.localdate(), reasons="L. 432-1")
    assert stands(owed) == ("done", "")


def a_follow_up(by: Principal) -> WorkItem:
    ticket = a_ticket()
    granted = timezone.localdate() - timedelta(days=31)
    lastmile.decide(ticket.reference, by, favourable=True, decided_on=granted)
    lastmile.sweep_follow_ups()
    return WorkItem.objects.get(kind="follow_up")


def test_a_follow_up_is_not_done_before_there_is_an_appointment_but_set_aside_until_a_date(client):
    user = a_user()
    by = principal_for(user)
    owed = a_follow_up(by)
    work.take(owed.pk, by)
    client.force_login(user)
    page = client.get(f"/desk/tickets/{owed.ticket.reference}/").content.decode()
    assert f"/desk/work-items/{owed.pk}/release/" in page
    assert f"/desk/work-items/{owed.pk}/done/" not in page

    with pytest.raises(InvalidError, match="rendez-vous"):
        work.done(owed.pk, by)
    assert stands(owed) == ("assigned", "")
    desk.hold(owed.ticket.reference, by, until=next_week())
    assert stands(owed) == ("scheduled", "")

    lastmile.appoint(owed.ticket.reference, by, place="Guichet 3", starts_at=next_week())
    assert stands(owed) == ("done", "")


def test_where_something_granted_needs_no_appointment_a_supervisor_ends_the_follow_up(client):
    boss = a_user("supervisor")
    owed = a_follow_up(an_agent())
    work.take(owed.pk, principal_for(boss))
    client.force_login(boss)

    client.post(f"/desk/work-items/{owed.pk}/done/")

    assert stands(owed) == ("done", "")


def test_a_later_refusal_leaves_no_appointment_to_look_after():
    ticket, by = a_ticket(), an_agent()
    for favourable, days, reasons in ((True, 40, ""), (False, 35, "L. 432-1")):
        on = timezone.localdate() - timedelta(days=days)
        lastmile.decide(ticket.reference, by, favourable=favourable, decided_on=on, reasons=reasons)

    assert lastmile.sweep_follow_ups() == 0


@pytest.mark.parametrize(
    "act",
    [
        lambda ticket, by: desk.hold(ticket.reference, by, until=next_week()),
        lambda ticket, by: desk.solve(ticket.reference, by, disposition="duplicate"),
        lambda ticket, by: desk.reply(ticket.reference, "Oui.", by),
    ],
)
def test_what_a_colleague_is_being_offered_is_theirs_to_answer(act):
    offers_written()
    asked, ticket = there(), a_ticket()
    dispatch()

    with pytest.raises(AlreadyTakenError, match=asked.label):
        act(ticket, an_agent())

    assert stands(ticket.work_items.get()) == ("offered", "")


def test_a_program_with_the_service_token_answers_for_itself():
    item = a_ticket().work_items.get()

    assert work.done(item.pk, Principal.of_service()).state == "done"
