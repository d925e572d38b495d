"""What an agent says and decides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Speaker
from contactcenter.desk import services as desk
from contactcenter.desk import work
from contactcenter.errors import InvalidError, NotAllowedError, NotFoundError
from contactcenter.intake.services import receive
from contactcenter.outbox.models import Delivery
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import Agent, Presence, Queue, WorkItem
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_inbound, an_office

pytestmark = pytest.mark.django_db


def test_a_reply_goes_by_the_person_s_own_channel_and_ends_the_wait():
    ticket, agent = a_ticket(), an_agent()
    routing.take_next(agent)

    delivery = desk.reply(ticket.reference, "Jeudi 10 h au guichet.", agent)

    ticket.refresh_from_db()
    assert (delivery.means, delivery.to, delivery.purpose) == ("email", "ana@example.org", "reply")
    assert ticket.state == "waiting"
    assert ticket.work_items.get().state == "done"
    assert ticket.interactions.get(direction="out").text == "Jeudi 10 h au guichet."


def test_a_caller_on_a_fixed_line_is_answered_by_a_callback():
    ticket = receive(a_caller("+33199000007", needs="message"))

    delivery = desk.reply(ticket.reference, "Votre carte est prête.", Principal.of_service())

    callback = ticket.work_items.get(kind="callback")
    assert (delivery.means, delivery.state) == ("callback", "sending")
    work.done(callback.pk, Principal.of_service(), outcome="reached")
    delivery.refresh_from_db()
    assert delivery.state == "sent"


def test_a_person_s_answer_opens_the_ticket_again():
    ticket = a_ticket()
    delivery = desk.reply(ticket.reference, "Oui.", Principal.of_service())

    receive(an_inbound(replies_to=(delivery.external_id,)))

    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_while_one_answers_another_is_told_so():
    ticket, first, second = a_ticket(), an_agent(), an_agent()
    routing.take_next(first)

    with pytest.raises(AlreadyTakenError):
        desk.reply(ticket.reference, "Moi aussi.", second)


def test_an_answer_by_a_means_the_person_does_not_have_is_refused_with_a_sentence():
    with pytest.raises(InvalidError, match=r"\w+ \w+"):
        desk.reply(a_ticket().reference, "Bonjour", Principal.of_service(), means="letter")


def test_nobody_is_left_without_a_sentence():
    ticket, service = a_ticket(), Principal.of_service()

    with pytest.raises(InvalidError):
        desk.solve(ticket.reference, service, disposition="answered")
    with pytest.raises(InvalidError):
        desk.solve(ticket.reference, service, disposition="use_another_channel", text="Appelez.")
    desk.solve(ticket.reference, service, disposition="duplicate")

    ticket.refresh_from_db()
    assert ticket.state == "solved"
    assert not WorkItem.objects.waiting().exists()


def test_solving_with_a_text_tells_the_person():
    ticket = a_ticket()

    desk.solve(ticket.reference, Principal.of_service(), disposition="answered", text="C'est fait.")

    assert Delivery.objects.get(purpose="reply").text == "C'est fait."


def test_a_hold_sets_the_work_aside_until_its_date():
    ticket, agent = a_ticket(), an_agent()
    routing.take_next(agent)
    tomorrow = timezone.now() + timedelta(days=1)

    desk.hold(ticket.reference, agent, until=tomorrow, text="Attendre le guichet.")

    item = ticket.work_items.get()
    assert (item.state, item.due_from) == ("scheduled", tomorrow)
    assert ticket.notes.get().kind == "hold"
    with pytest.raises(InvalidError):
        desk.hold(ticket.reference, agent, until=timezone.now() - timedelta(hours=1))


def test_nothing_is_set_aside_past_the_day_on_which_silence_decides():
    ticket, agent, now = a_ticket(), an_agent(), timezone.now()
    type(ticket).objects.update(silence_on=timezone.localdate() + timedelta(days=10))

    with pytest.raises(InvalidError, match="silence"):
        desk.hold(ticket.reference, agent, until=now + timedelta(days=12))

    assert ticket.work_items.get().state == "waiting"
    desk.hold(ticket.reference, agent, until=now + timedelta(days=8))
    assert ticket.work_items.get().state == "scheduled"


def test_a_transfer_to_another_office_takes_the_ticket_along():
    ticket, agent = a_ticket(), an_agent()
    other = an_office("elsewhere")
    a_ticket(office=other)
    queue = Queue.objects.get(office=other)

    desk.transfer(ticket.reference, agent, queue=queue, text="De votre ressort.")

    ticket.refresh_from_db()
    assert ticket.office == other
    assert ticket.work_items.get().lane.queue == queue
    with pytest.raises(NotFoundError):
        desk.note(ticket.reference, "Trop tard.", agent)


def test_a_transfer_to_an_agent_lies_in_their_hands():
    ticket = a_ticket()
    colleague = Agent.objects.get(user=a_user())

    desk.transfer(ticket.reference, an_agent(), agent=colleague)

    assert ticket.work_items.get().assignments.get(ended_at=None).agent == colleague


def test_an_auditor_reads_only():
    ticket = a_ticket()

    with pytest.raises(NotAllowedError):
        desk.note(ticket.reference, "Vu.", an_agent(role="auditor"))


def test_a_checked_scan_becomes_a_message_with_a_receipt():
    letter = receive(
        an_inbound(channel="paper", external_id="s", needs="scan_check", receipt=False, speaker=Speaker(name="Ana"))
    )

    work.done(letter.work_items.get().pk, Principal.of_service())

    assert [item.kind for item in letter.work_items.filter(state="waiting")] == ["message"]
    assert letter.deliveries.get().purpose == "receipt"


def test_a_colleague_who_is_away_is_handed_nothing():
    ticket, by, away = a_ticket(), an_agent(), an_agent()
    presence.set_presence(away.agent_id or 0, Presence.AWAY, actor=away.actor, reason="leave")

    with pytest.raises(InvalidError, match=away.label):
        desk.transfer(ticket.reference, by, agent=Agent.objects.get(pk=away.agent_id), text="Ton dossier.")

    assert ticket.work_items.get().state == "waiting"


def test_what_another_agent_holds_is_neither_passed_on_nor_doubled():
    ticket, first, second = a_ticket(), an_agent(), an_agent()
    routing.take_next(first)

    with pytest.raises(AlreadyTakenError):
        desk.transfer(ticket.reference, second, agent=Agent.objects.get(user=a_user()))
    with pytest.raises(AlreadyTakenError):
        desk.hold(ticket.reference, second, until=timezone.now() + timedelta(days=1))
    with pytest.raises(AlreadyTakenError):
        desk.solve(ticket.reference, second, disposition="duplicate")
    assert ticket.work_items.count() == 1


def test_an_answered_ticket_that_is_passed_on_is_open_again():
    ticket, service = a_ticket(), Principal.of_service()
    desk.reply(ticket.reference, "Oui.", service)

    desk.transfer(ticket.reference, service, agent=Agent.objects.get(user=a_user()))

    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_work_is_passed_to_what_one_sees_and_to_any_office_s_door():
    elsewhere = an_office("elsewhere")
    hidden = Queue.objects.create(office=elsewhere, slug="hidden", name="Hidden", arrives_here=False)
    stranger = Agent.objects.get(pk=an_agent(office=elsewhere).agent_id)
    by = an_agent()
    reader = Agent.objects.get(pk=an_agent(role="auditor").agent_id)  # who may not write is given no work
    for where in ({"queue": hidden}, {"agent": stranger}, {"agent": reader}):
        with pytest.raises(NotFoundError):
            desk.transfer(a_ticket().reference, by, **where)

    ticket = desk.transfer(a_ticket().reference, by, queue=Queue.objects.get(office=elsewhere, arrives_here=True))

    assert ticket.office == elsewhere


def test_a_caller_who_waits_on_the_line_is_not_done_with():
    item = receive(a_caller()).work_items.get()

    with pytest.raises(InvalidError, match="attend"):
        work.done(item.pk, Principal.of_service())
    work.take(item.pk, Principal.of_service())
    with pytest.raises(InvalidError, match="attend"):
        work.done(item.pk, Principal.of_service())

    item.refresh_from_db()
    assert item.state == "assigned"
