"""Who is calling: said while waiting and never before, not lost with a card, not proved by a number."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.people.models import Evidence, Person
from contactcenter.procedures.models import Procedure
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.services import import_entries
from contactcenter.routing import offers
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Need, Skill, WorkItem
from contactcenter.tickets.models import Interaction, Ticket
from ivr.channel import PhoneChannel
from ivr.models import Claim
from ivr.services import keypad, slots
from tests.factories import WEEK, a_ticket, a_user
from tests.ivr.asking import Caller
from tests.ivr.conftest import Line

SECRETS = ("Ana", "volée", "lire", "occupe")


def waiting(line: Line, **more: str) -> Caller:
    return Caller(line, **more).ring().keys("1", "1", "1").wait()


def shown(ticket: Ticket) -> list[str]:
    """What shows whose request it is."""
    return list(Evidence.objects.filter(person=ticket.person).order_by("pk").values_list("kind", flat=True))


def test_nobody_is_asked_who_they_are_before_they_wait(line: Line):
    caller = Caller(line).ring()
    for key in "11":
        caller.key(key)
        assert "qui vous êtes" not in caller.heard

    caller.key("1")
    assert WorkItem.objects.get().state == "waiting"
    assert "Pour dire qui vous êtes en attendant, tapez 4." in caller.wait().heard


def test_reference_and_code_bring_the_call_onto_its_request_at_the_same_place(line: Line):
    ticket = a_ticket(subject="Carte volée")
    caller = waiting(line)
    item = WorkItem.objects.get(kind="call")

    caller.keys("4", "1", ticket.reference, ticket.follow_code)

    assert caller.heard == "Merci, nous vous avons reconnu. Vous gardez votre place."
    moved = WorkItem.objects.get(pk=item.pk)
    assert (moved.ticket, moved.enqueued_at, moved.state) == (ticket, item.enqueued_at, "waiting")
    assert caller.call.ticket == ticket
    assert shown(ticket) == ["follow_code"]
    assert ticket.events.filter(kind="evidence.noted", data__of="follow_code").exists()
    assert Ticket.objects.exclude(state="solved").count() == 1


def waiting_in_russian_about_a_loss(line: Line) -> tuple[Caller, WorkItem, Agent]:
    """A caller in the queue, where each topic needs a skill of its own, and the agent who speaks with them."""
    line.office.doors.update(hours=WEEK)  # a catalogue is published where people can come
    import_entries(read_catalogue(OURS.read_text("utf-8")))
    line.office.doors.update(hours={})
    for code, procedure in (("lost", "DUPLICATA"), ("renewal", "RENOUV")):
        skill, about = Skill.objects.create(code=code, label=code), Procedure.objects.get(code=procedure)
        Need.objects.create(skill=skill, procedure=about)
    agent = a_user(skills=("calls", "lost", "renewal", "ru")).agent
    Agent.objects.filter(pk=agent.pk).update(presence="available", seen_at=timezone.now())
    caller = Caller(line).ring().keys("7", "2", "1").wait()
    return caller, WorkItem.objects.select_related("lane").get(kind="call"), agent


@pytest.mark.parametrize(("about", "skills"), [("RENOUV", "calls,renewal,ru"), ("", "calls,lost,ru")])
def test_the_call_waits_for_whoever_can_do_what_the_request_is_about_and_speaks_with_the_caller(
    line: Line, about: str, skills: str
):
    caller, before, _agent = waiting_in_russian_about_a_loss(line)
    assert before.lane.skills == "calls,lost,ru"
    ticket = a_ticket(procedure=about)

    caller.keys("4", "1", ticket.reference, ticket.follow_code)

    item = WorkItem.objects.select_related("lane").get(kind="call")
    assert (item.lane.skills, item.ticket) == (skills, ticket)
    assert (item.enqueued_at, item.due_at) == (before.enqueued_at, before.due_at)


def test_who_was_offered_the_call_for_another_topic_is_asked_anew(line: Line):
    caller, item, agent = waiting_in_russian_about_a_loss(line)
    offer = offers.make(item.pk, agent.pk)
    assert offer
    ticket = a_ticket(procedure="RENOUV")

    caller.keys("4", "1", ticket.reference, ticket.follow_code)

    item.refresh_from_db()
    offer.refresh_from_db()
    assert (item.state, offer.outcome) == ("waiting", "withdrawn")


def test_a_solved_request_is_open_again_when_its_person_calls(line: Line):
    ticket = a_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(state="solved", solved_at=ticket.opened_at)

    waiting(line).keys("4", "1", ticket.reference, ticket.follow_code)

    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_a_wrong_code_tells_nothing_and_takes_no_place_away(line: Line):
    ticket = a_ticket(subject="Carte volée")
    caller = waiting(line)

    caller.keys("4", "1", ticket.reference, "000001")

    assert caller.verbs == ["Say", "Redirect"]
    assert not any(secret in caller.heard for secret in SECRETS)
    assert shown(ticket) == shown(caller.call.ticket) == []
    assert WorkItem.objects.get(kind="call").state == "waiting"


def test_after_five_wrong_codes_the_right_one_proves_nothing_until_tomorrow(line: Line):
    ticket = a_ticket()
    caller = waiting(line)
    for _try in range(5):
        caller.keys("4", "1", ticket.reference, "000001").wait()

    caller.keys("4", "1", ticket.reference, ticket.follow_code)

    assert "trop d'essais" in caller.heard
    assert caller.call.ticket != ticket


def test_a_number_alone_proves_nothing(line: Line):
    ticket = a_ticket(subject="Carte volée")

    caller = waiting(line)
    heard = caller.heard
    caller.keys("4", "0")

    assert not any(secret in heard + caller.heard for secret in SECRETS)
    assert shown(caller.call.ticket) == []
    assert ticket.interactions.count() == 1


def test_birth_date_and_foreigner_number_are_a_claim_that_the_agent_sees(line: Line):
    person = Person.objects.create(name="Ana Exemple", birth_date="1988-03-12")
    person.identify("9999000001")
    person.save()
    caller = waiting(line)

    caller.keys("4", "2", "12031988", "9999000001")

    assert caller.heard == "Merci, c'est noté pour la personne qui vous répondra. Vous gardez votre place."
    ticket = caller.call.ticket
    assert ticket.person == person
    assert shown(ticket) == []
    said = Interaction.objects.get(external_id=caller.sid)
    assert "1988-03-12" in PhoneChannel().timeline([said.pk])[said.pk].html


def test_what_the_caller_hears_does_not_tell_whether_the_facts_agree(line: Line):
    person = Person.objects.create(name="Ana Exemple", birth_date="1988-03-12")
    person.identify("9999000001")
    person.save()
    right = waiting(line).keys("4", "2", "12031988", "9999000001").heard
    wrong = waiting(line, sid="CA2", number="+33639980002").keys("4", "2", "01011990", "9999000001")

    assert wrong.heard == right
    assert wrong.call.ticket.person != person


def test_whose_card_was_stolen_gets_through_without_its_number(line: Line):
    caller = waiting(line, number="anonymous").keys("4", "2", "12031988", "")

    assert "c'est noté" in caller.heard
    assert Claim.objects.get().kind == "birth_date"
    assert WorkItem.objects.get().state == "waiting"


def test_a_hash_alone_gives_more_time_for_a_birth_date(line: Line):
    caller = waiting(line).keys("4", "2", "")

    assert caller.asked() == "birth"
    assert caller.call.slow


@pytest.mark.parametrize("born", ["31021990", "1", "99999999", "😀", "\x0b", "1" * 10_000])
def test_a_birth_date_that_is_none_is_asked_again_and_then_one_goes_on_waiting(line: Line, born: str):
    caller = waiting(line).keys("4", "2", born)
    assert caller.asked() == "birth"

    caller.keys(born, born)

    assert caller.verbs == ["Redirect"]
    assert WorkItem.objects.get().state == "waiting"


ABROAD = "+493023125001"  # in a country that we do not call


def test_a_callback_goes_to_the_number_that_was_known_and_not_to_the_callers(line: Line):
    ticket = Ticket.objects.get(pk=a_ticket().pk)
    known = Caller(line, number="+33639980077", sid="CA0").ring().call.ticket
    caller = waiting(line)
    since = WorkItem.objects.get(kind="call").enqueued_at

    caller.keys("4", "3", known.reference)
    assert caller.verbs == ["Leave"]
    caller.post("/ivr/queued", QueueResult="leave")

    assert "S'il y a un numéro sur cette demande" in caller.heard
    callback = WorkItem.objects.get(kind="callback")
    assert (callback.ticket, callback.enqueued_at) == (known, since)
    assert str(callback.ticket.answer_to.value) == "+33639980077"
    assert not WorkItem.objects.filter(kind="call", state="waiting").exists()
    assert ticket.state == "new"


@pytest.mark.parametrize("put_off", [False, True])
def test_what_was_owed_after_hanging_up_or_is_tried_later_gives_way_to_a_callback_that_is_chosen(line: Line, put_off):
    Caller(line, number="+33639980077", sid="CA0").ring().keys("1", "1", "2" if put_off else "1").hang_up()
    owed = WorkItem.objects.get(kind="callback")
    if put_off:
        routing.schedule(owed.pk, timezone.now() + timedelta(days=1), actor="system", why="not_reached")
    caller = waiting(line)
    since = WorkItem.objects.unfinished().get(kind="call").enqueued_at

    caller.keys("4", "3", owed.ticket.reference)

    chosen = WorkItem.objects.unfinished().get()
    assert (chosen.ticket, chosen.kind, chosen.state, chosen.enqueued_at) == (owed.ticket, "callback", "waiting", since)
    assert chosen.lane.service_class == "call"


def test_an_hour_that_was_named_stays_when_the_same_person_asks_for_a_callback(line: Line):
    known = Caller(line, number="+33639980077", sid="CA0").ring().keys("1", "1", "2")
    named = WorkItem.objects.get(kind="callback")
    at = timezone.now() + timedelta(hours=20)
    routing.schedule(named.pk, at, actor="system", why="promised", keep_place=False)
    slots.promise(known.call.ticket.office, named.pk, at)

    waiting(line).keys("4", "3", known.call.ticket.reference)

    assert WorkItem.objects.unfinished().get() == named


def test_whoever_found_a_reference_makes_its_person_be_called_once_however_often_they_ask(line: Line):
    known = Caller(line, number="+33639980077", sid="CA0").ring().call.ticket
    before = known.interactions.count()

    for number in range(7):
        waiting(line, number="+33639980088", sid=f"CA{number}x").keys("4", "3", known.reference).hang_up()

    assert WorkItem.objects.unfinished().filter(ticket=known, kind="callback").count() == 1
    assert known.interactions.count() == before + keypad.PER_REFERENCE


def test_a_request_without_a_number_sounds_the_same_and_calls_back_whoever_called(line: Line):
    ticket = a_ticket()  # an e-mail
    heard = []
    for sid, reference in (("CA1", ticket.reference), ("CA2", "1000000000")):
        caller = waiting(line, sid=sid, number=f"+3363998000{sid[-1]}").keys("4", "3", reference)
        caller.post("/ivr/queued", QueueResult="leave")
        heard.append(caller.heard.split("Votre numéro")[0])

    assert heard[0] == heard[1]
    assert WorkItem.objects.filter(kind="callback", state="waiting").count() == 2
    assert not WorkItem.objects.filter(kind="callback", ticket=ticket).exists()


@pytest.mark.parametrize("number", ["anonymous", ABROAD])
def test_whom_we_cannot_call_leaves_a_number_where_the_request_has_none(line: Line, number: str):
    caller = waiting(line, number=number).keys("4", "3", "1000000000").post("/ivr/queued", QueueResult="leave")

    assert "Record" in caller.verbs
    assert not WorkItem.objects.filter(kind="callback").exists()


def test_a_number_on_a_request_that_we_do_not_call_is_as_none(line: Line):
    known = Caller(line, number=ABROAD, sid="CA0").ring().call.ticket

    caller = waiting(line, sid="CA2").keys("4", "3", known.reference).post("/ivr/queued", QueueResult="leave")

    assert WorkItem.objects.get(kind="callback").ticket == caller.call.ticket != known


def test_three_wrong_answers_lead_back_to_the_place_in_the_queue(line: Line):
    caller = waiting(line).keys("4", "8", "8", "8")

    assert caller.verbs == ["Redirect"]
    assert WorkItem.objects.get().state == "waiting"
