"""What a waiting caller is told is so: their place, how long it will be, and what an earlier call counts for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.errors import InvalidError
from contactcenter.people.models import ContactPoint
from contactcenter.procedures.models import Procedure
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing import offers
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Assignment, Need, Presence, Queue, Skill, WorkItem
from contactcenter.tickets.models import Ticket
from ivr import twiml
from ivr.models import Call
from ivr.services import calls, ending, line, waiting
from tests.factories import WEEK, a_ticket, an_agent, an_office
from tests.ivr.conftest import Line

pytestmark = pytest.mark.django_db
NUMBER = "+33639980001"


@pytest.fixture(autouse=True)
def nothing_kept():
    calls.forget_lines()
    line.forget()


def a_waiting_call(sid: str, number: str = "") -> Call:
    call = calls.begin(sid, number=number, line=an_office().phone)
    waiting.wait(call)
    return Call.objects.get(pk=call.pk)


def the_catalogue() -> None:
    an_office(hours=WEEK)
    import_entries(read_catalogue(OURS.read_text("utf-8")))


def somebody_answers(count: int = 1) -> None:
    for _number in range(count):
        by = an_agent(office=an_office())
        Agent.objects.filter(pk=by.agent_id).update(presence=Presence.AVAILABLE, seen_at=timezone.now())


def told(call: Call) -> line.Standing:
    line.forget()
    return line.tell(Call.objects.get(pk=call.pk))


def test_everybody_has_their_place_and_a_range():
    somebody_answers()
    first, second = a_waiting_call("CA1"), a_waiting_call("CA2")

    assert (told(first).place, told(second).place) == (1, 2)
    assert told(second).wait == line.estimate.announced(720)


def test_who_goes_on_with_an_earlier_request_hears_of_the_key_for_another_matter():
    somebody_answers()
    first = a_waiting_call("CA1", NUMBER)
    assert not told(first).earlier
    ending.end(first)
    Ticket.objects.update(opened_at=timezone.now() - timedelta(hours=1))

    again = a_waiting_call("CA2", NUMBER)

    assert "Si vous appelez pour autre chose, tapez 5." in twiml.waiting("fr", told(again))


def test_a_call_carried_in_late_hears_of_it_too_though_the_request_was_opened_after_it_rang():
    somebody_answers()
    ending.end(a_waiting_call("CA1", NUMBER))

    kept = calls.begin("CA2", number=NUMBER, line=an_office().phone, at=timezone.now() - timedelta(minutes=5))
    waiting.wait(kept)

    assert Ticket.objects.count() == 1
    assert told(kept).earlier
    assert calls.own_reference(kept) == ""


def test_a_place_moves_on_and_is_not_told_again_where_it_fell_back():
    somebody_answers()
    first, second, third = (a_waiting_call(f"CA{number}") for number in (1, 2, 3))
    assert told(third).place == 3

    ending.end(first)
    assert told(third).place == 2
    WorkItem.objects.filter(ticket=third.ticket).update(enqueued_at=timezone.now() + timedelta(seconds=1))
    fourth = a_waiting_call("CA4")
    WorkItem.objects.filter(ticket=fourth.ticket).update(enqueued_at=second.started_at - timedelta(minutes=5))

    assert told(third).place is None
    assert told(third).wait is not None


def test_offices_whose_first_contact_is_a_call_have_a_queue_each_under_their_own_name():
    offices = [an_office(), an_office("hautmont")]
    Queue.objects.all().delete()

    assert [line.seconds_to_answer(office.pk) for office in offices] == [None, None]

    assert list(Queue.objects.values_list("slug", "name")) == [(office.slug, office.name) for office in offices]


def test_with_nobody_there_no_time_is_promised_and_nobody_is_said_to_be_next():
    standing = told(a_waiting_call("CA1"))

    assert standing == line.Standing(nobody=True)
    heard = twiml.waiting("fr", standing)
    assert "Personne n'est là" in heard
    assert "une personne va vous répondre" not in heard
    assert line.seconds_to_answer(an_office().pk) is None


def test_a_wait_that_grew_by_much_comes_with_an_apology():
    somebody_answers(6)
    call = a_waiting_call("CA1")
    assert not told(call).worse
    before = told(call).wait

    for number in range(2, 22):
        other = a_waiting_call(f"CA{number}")
        WorkItem.objects.filter(ticket=other.ticket).update(enqueued_at=timezone.now() - timedelta(minutes=9))
    after = told(call)

    assert (before.low, before.high) == (0, 2)
    assert after.worse
    assert after.wait.high > 10


def test_only_who_is_there_and_takes_calls_counts():
    somebody_answers(3)
    away, gone, _here = Agent.objects.order_by("pk")
    Agent.objects.filter(pk=away.pk).update(presence=Presence.AWAY)
    Agent.objects.filter(pk=gone.pk).update(seen_at=timezone.now() - timedelta(minutes=1))
    an_agent(office=an_office(), skills=("writing",))
    Agent.objects.exclude(pk__in=[away.pk, gone.pk]).update(presence=Presence.AVAILABLE, seen_at=timezone.now())

    call = a_waiting_call("CA1")

    assert line.pace(WorkItem.objects.get(ticket=call.ticket).lane.queue_id).agents == 1


def test_who_was_called_out_of_written_work_already_is_left_to_it():
    somebody_answers(2)
    letter = WorkItem.objects.filter(ticket=a_ticket(), kind="message").get()
    held = Assignment.objects.create(work_item=letter, agent=Agent.objects.first(), actor="agent:1", holder="Inès")
    queue_id = letter.lane.queue_id

    assert line.pace(queue_id).agents == 2
    Assignment.objects.filter(pk=held.pk).update(interrupted=True)
    line.forget()
    assert line.pace(queue_id).agents == 1


def test_calling_again_starts_on_the_same_request_with_the_time_already_waited():
    first = a_waiting_call("CA1", NUMBER)
    Call.objects.filter(pk=first.pk).update(waiting_since=timezone.now() - timedelta(minutes=4))
    ending.end(Call.objects.get(pk=first.pk))

    again = a_waiting_call("CA2", NUMBER)

    assert again.ticket == first.ticket
    assert 239 <= again.credit_s <= 242
    item = WorkItem.objects.get(pk=again.work_item_id)
    assert item.enqueued_at == again.waiting_since - timedelta(seconds=again.credit_s)
    assert told(again).credited


def test_no_more_than_ten_minutes_are_credited():
    first = a_waiting_call("CA1", NUMBER)
    Call.objects.filter(pk=first.pk).update(waiting_since=timezone.now() - timedelta(minutes=50))
    ending.end(Call.objects.get(pk=first.pk))

    assert a_waiting_call("CA2", NUMBER).credit_s == 600


def test_something_else_is_a_request_of_its_own_without_credit():
    first = a_waiting_call("CA1", NUMBER)
    ending.end(first)
    again = a_waiting_call("CA2", NUMBER)

    calls.something_else(again)

    again.refresh_from_db()
    assert again.ticket != first.ticket
    assert again.credit_s == 0
    assert WorkItem.objects.get(pk=again.work_item_id).ticket == again.ticket
    assert Ticket.objects.count() == 2
    calls.something_else(again)
    assert Ticket.objects.count() == 2


def test_something_else_loses_the_credit_in_the_queue_too_and_no_worse_place_is_told():
    first = a_waiting_call("CA1", NUMBER)
    Call.objects.filter(pk=first.pk).update(waiting_since=timezone.now() - timedelta(minutes=9))
    ending.end(Call.objects.get(pk=first.pk))
    again = a_waiting_call("CA2", NUMBER)
    Call.objects.filter(pk=again.pk).update(place_told=1)
    credited = WorkItem.objects.get(pk=again.work_item_id)

    calls.something_else(again)

    again.refresh_from_db()
    item = WorkItem.objects.get(pk=again.work_item_id)
    assert again.place_told == 1
    assert item.enqueued_at == again.waiting_since
    assert item.enqueued_at - credited.enqueued_at >= timedelta(minutes=9)
    assert item.due_at > credited.due_at


def test_a_key_says_what_the_new_request_is_about_and_not_what_the_earlier_was():
    the_catalogue()
    first = calls.begin("CA1", number=NUMBER, line=an_office().phone)
    calls.learn(first, procedure="DUPLICATA")
    ending.end(first)
    before = Ticket.objects.get()
    again = calls.begin("CA2", number=NUMBER, line=an_office().phone)

    calls.learn(again, procedure="ERREUR_PLATEFORME")

    earlier = Ticket.objects.get()
    assert earlier.procedure.procedure.code == "DUPLICATA"
    assert (earlier.due_at, earlier.legal_nature) == (before.due_at, before.legal_nature)
    calls.something_else(Call.objects.get(sid="CA2"))
    own = Call.objects.get(sid="CA2").ticket
    assert own.procedure.procedure.code == "ERREUR_PLATEFORME"
    assert Ticket.objects.get(pk=earlier.pk).procedure.procedure.code == "DUPLICATA"


def waiting_about_a_renewal_that_is_a_loss() -> tuple[Call, WorkItem]:
    """A call in the queue with an earlier request, whose topic was another; each topic needs a skill of its own."""
    the_catalogue()
    for code, procedure in (("lost", "DUPLICATA"), ("renewal", "RENOUV")):
        skill, about = Skill.objects.create(code=code, label=code), Procedure.objects.get(code=procedure)
        Need.objects.create(skill=skill, procedure=about)
    first = calls.begin("CA1", number=NUMBER, line=an_office().phone)
    calls.learn(first, procedure="RENOUV")
    ending.end(first)
    again = calls.begin("CA2", number=NUMBER, line=an_office().phone)
    calls.learn(again, procedure="DUPLICATA")
    waiting.wait(again)
    return again, WorkItem.objects.select_related("lane").get(kind="call")


def test_something_else_waits_for_an_agent_who_can_do_that_and_not_what_the_earlier_was_about():
    call, item = waiting_about_a_renewal_that_is_a_loss()
    assert item.lane.skills == "calls,renewal"

    calls.something_else(call)

    item.refresh_from_db()
    assert item.lane.skills == "calls,lost"


def test_something_else_is_not_taken_by_whoever_was_offered_the_call_when_it_was_about_the_earlier():
    call, item = waiting_about_a_renewal_that_is_a_loss()
    by = an_agent(skills=("calls", "renewal"))
    Agent.objects.filter(pk=by.agent_id).update(presence=Presence.AVAILABLE, seen_at=timezone.now())
    offer = offers.make(item.pk, by.agent_id or 0)
    assert offer

    calls.something_else(call)

    item.refresh_from_db()
    offer.refresh_from_db()
    assert (item.state, offer.outcome) == ("waiting", "withdrawn")
    with pytest.raises(InvalidError):
        routing.accept(offer.pk, by)


def test_what_a_call_said_of_an_earlier_request_goes_with_it():
    the_catalogue()
    first = calls.begin("CA1", number=NUMBER, line=an_office().phone)
    ending.end(first)
    again = calls.begin("CA2", number=NUMBER, line=an_office().phone)
    calls.learn(again, procedure="DUPLICATA")
    assert Ticket.objects.get().procedure.procedure.code == "DUPLICATA"

    calls.something_else(Call.objects.get(sid="CA2"))

    first.ticket.refresh_from_db()
    assert first.ticket.procedure is None
    assert Call.objects.get(sid="CA2").ticket.procedure.procedure.code == "DUPLICATA"


def test_who_calls_again_and_chooses_french_is_answered_in_french():
    first = calls.begin("CA1", number=NUMBER, line=an_office().phone)
    calls.learn(first, language="ar")
    ending.end(first)
    again = calls.begin("CA2", number=NUMBER, line=an_office().phone)
    assert Ticket.objects.get().language == "ar"

    calls.learn(again, language="fr")

    assert Ticket.objects.get().language == "fr"


@pytest.mark.parametrize("why", ["withheld", "shared", "solved", "yesterday", "two", "another office", "still live"])
def test_who_is_not_surely_the_same_gets_a_request_of_their_own(why: str):
    number = "anonymous" if why == "withheld" else NUMBER
    first = a_waiting_call("CA1", number)
    if why != "still live":
        ending.end(first)
    if why == "shared":
        ContactPoint.objects.update(shared=True)
    if why == "solved":
        Ticket.objects.update(state="solved", solved_at=timezone.now())
    if why == "yesterday":
        Ticket.objects.update(opened_at=timezone.now() - timedelta(hours=25))
    if why == "two":
        other = calls.begin("CA3", number="+33639980002", line=an_office().phone).ticket
        ending.end(Call.objects.get(sid="CA3"))
        Ticket.objects.filter(pk=other.pk).update(answer_to=first.ticket.answer_to)
    if why == "another office":
        Ticket.objects.update(office=an_office("autre"))
    before = Ticket.objects.count()

    again = calls.begin("CA2", number=number, line=an_office().phone)

    assert again.ticket != first.ticket
    assert Ticket.objects.count() == before + 1


def test_a_parked_caller_hears_their_place_and_five_leads_to_a_new_request(line: Line):
    first = line.call("111")
    first.wait_for("queued")
    first.hang_up()
    first.join_end()
    again = line.call("111")
    again.wait_for("queued")
    assert Ticket.objects.count() == 1

    again.press("5")

    assert line.carry(lambda: Ticket.objects.count() == 2, timeout=20)
    assert any("La place" in words or "place" in words or "prochaine" in words for words in again.heard)
    assert not again.errors


def test_the_earlier_request_is_owed_its_callback_again_where_the_call_was_about_something_else():
    first = a_waiting_call("CA1", NUMBER)
    ending.end(first)
    again = a_waiting_call("CA2", NUMBER)
    assert not WorkItem.objects.unfinished().filter(ticket=first.ticket, kind="callback").exists()

    calls.something_else(again)

    again.refresh_from_db()
    owed = WorkItem.objects.unfinished().get(ticket=first.ticket, kind="callback")
    assert owed.lane.service_class == "abandoned"
    assert not WorkItem.objects.unfinished().filter(ticket=again.ticket, kind="callback").exists()
