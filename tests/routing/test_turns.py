"""Whose turn it is: choosing out of order, capacity, levels of skills, languages, dates that come near."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from contactcenter.accounts.principal import Principal
from contactcenter.api.shaping import offer_out
from contactcenter.errors import InvalidError, NotAllowedError
from contactcenter.intake.services import receive
from contactcenter.procedures.models import Procedure, ProcedureVersion
from contactcenter.routing import floor, languages, presence, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.lanes import arrival_queue, lane_for
from contactcenter.routing.models import (
    Agent,
    AgentSkill,
    Assignment,
    Choosing,
    Lane,
    Need,
    Offer,
    Presence,
    Queue,
    Skill,
    WorkItem,
)
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.waiting import waiting_page
from contactcenter.tickets.models import Ticket
from tests.factories import a_caller, a_ticket, a_user, an_agent, an_office, at

pytestmark = pytest.mark.django_db


def choosing(how: Choosing) -> None:
    queue = arrival_queue(an_office())
    queue.choosing = how
    queue.save()


def two_waiting() -> tuple[WorkItem, WorkItem]:
    now = timezone.now()
    return (
        a_ticket(occurred_at=now - timedelta(hours=2)).work_items.get(),
        a_ticket(occurred_at=now - timedelta(hours=1)).work_items.get(),
    )


def test_out_of_its_turn_it_needs_a_reason_which_is_kept_and_counted():
    choosing(Choosing.REASON)
    _first, second = two_waiting()
    by = an_agent()
    with pytest.raises(InvalidError):
        routing.take(second.pk, by)

    routing.take(second.pk, by, reason="speaks to me every week")

    assert Assignment.objects.get(work_item=second).chosen_because == "speaks to me every week"
    assert second.ticket.events.get(kind="work_item.taken").data["chosen"] is True


def test_in_its_turn_it_needs_none():
    choosing(Choosing.REASON)
    first, _second = two_waiting()

    routing.take(first.pk, an_agent())

    assert first.ticket.events.get(kind="work_item.taken").data["chosen"] is False


def test_where_nobody_chooses_a_reason_does_not_help():
    choosing(Choosing.NEVER)
    _first, second = two_waiting()

    with pytest.raises(NotAllowedError):
        routing.take(second.pk, an_agent(), reason="please")
    routing.take(second.pk, Principal.of_service())


def test_with_both_hands_full_one_is_told_so():
    by = an_agent()
    Agent.objects.filter(pk=by.agent_id).update(capacity=1)
    two_waiting()
    assert routing.take_next(by)

    with pytest.raises(InvalidError):
        routing.take_next(by)


def capped(at: int) -> None:
    queue = arrival_queue(an_office())
    queue.cap = at
    queue.save()


def available(**fields: object) -> Principal:
    by = an_agent(**fields)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def test_a_chosen_one_needs_a_free_hand_too():
    by = an_agent()
    Agent.objects.filter(pk=by.agent_id).update(capacity=1)
    first, second = two_waiting()
    routing.take(first.pk, by)

    with pytest.raises(InvalidError):
        routing.take(second.pk, by)


def test_the_cap_holds_for_a_chosen_one_and_for_whoever_cannot_answer_the_calls_that_wait():
    capped(1)
    first, second = two_waiting()
    receive(a_caller())
    writers = [available(skills=("writing",)) for _ in range(3)]

    assert routing.take_next(writers[0]) is not None
    assert routing.take_next(writers[1]) is None
    with pytest.raises(NotAllowedError):
        routing.take(second.pk, writers[2])
    assert WorkItem.objects.get(pk=first.pk).state == "assigned"


def test_the_service_is_no_agent_neither_counted_nor_held_back():
    capped(0)
    a_ticket()
    receive(a_caller())
    for _ in range(20):
        available(skills=("writing",))  # so that there is a reserve
    service = Principal.of_service()

    kinds = [routing.take_next(service).work_item.kind for _ in range(2)]

    assert sorted(kinds) == ["call", "message"]
    assert floor.standing(service).can_bind is False
    asked = floor.standing(available())
    queue = arrival_queue(an_office())
    (there,) = floor.floors_seen(asked, {floor.Bounds(queue.pk, queue.office_id, queue.cap)}).values()
    assert (there.available, there.writing) == (21, 0)


def test_a_lone_agent_gets_written_work_that_is_not_late():
    a_ticket()

    assert routing.take_next(available()) is not None


def test_what_one_cannot_do_of_the_same_ticket_stays_in_the_queue():
    ticket = a_ticket()
    letter = routing.open_work_item(ticket, "letter_to_post", actor="system")

    taken = routing.take_next(an_agent(skills=("writing",)))

    assert (taken.work_item.kind, taken.also) == ("message", [])
    assert WorkItem.objects.get(pk=letter.pk).state == "waiting"


def test_older_work_that_nobody_here_can_do_stands_in_nobody_s_way(django_assert_max_num_queries):
    long_ago = timezone.now() - timedelta(days=30)
    for number in range(40):
        ticket = a_ticket(occurred_at=long_ago, external_id=f"old-{number}")
        lane = lane_for(an_office(), "message", f"sk{number % 20},writing")
        ticket.work_items.update(lane=lane)
    mine = a_ticket().work_items.get()
    by = an_agent()

    with django_assert_max_num_queries(12):
        assert routing.take_next(by).work_item == mine
    assert routing.take_next(by) is None


def test_offered_writing_counts_towards_the_cap():
    capped(1)
    queue = arrival_queue(an_office())
    queue.offers_written = True
    queue.save()
    two_waiting()
    receive(a_caller())
    writers = [available(skills=("writing",)) for _ in range(2)]

    assert dispatch() == 1
    assert dispatch() == 0
    offered = Offer.objects.get().agent_id
    assert [routing.take_next(by) for by in writers if by.agent_id != offered] == [None]


def test_the_reserve_is_of_those_who_can_answer_a_call():
    for _ in range(20):
        available(skills=("mailroom",))
    caller, clerk = available(), available(skills=("writing",))
    a_ticket()
    a_ticket()

    assert routing.take_next(caller) is None
    assert routing.take_next(clerk) is not None  # kept free, they would serve no caller


def test_the_reserve_of_an_office_is_kept_in_that_office():
    elsewhere = an_office("elsewhere")
    colleagues = [(available(), available(office=elsewhere))[0] for _ in range(20)]
    for by in colleagues:
        routing.take(a_ticket(occurred_at=timezone.now() - timedelta(days=9)).work_items.get().pk, by)
    user = a_user()
    user.offices.add(elsewhere)
    both = principal_for(user)
    presence.set_presence(both.agent_id or 0, Presence.AVAILABLE, actor=both.actor)
    chosen = a_ticket().work_items.get()

    assert routing.take_next(both) is None
    with pytest.raises(NotAllowedError):
        routing.take(chosen.pk, both)


def why_first(by: Principal) -> str:
    return next(one.reason for one in waiting_page(by).items if one.item.kind == "message")


@override("en")
def test_the_queue_says_what_holds_work_back():
    by = available()
    a_ticket()
    assert "reserve" not in why_first(by)
    for _ in range(20):
        available(skills=("writing",))
    assert "reserve" in why_first(by)

    capped(0)
    receive(a_caller())

    assert "cap" in why_first(by)


@override("en")
def test_the_queue_says_which_date_moved_it_forward():
    a_ticket()
    Ticket.objects.update(silence_on=timezone.localdate() + timedelta(days=1))

    sweeps.hasten()

    assert "silence decides on" in why_first(an_agent())


@override("en")
def test_an_offer_says_that_one_is_preferred():
    knows = available()
    call = receive(a_caller()).work_items.get()
    routing.take(call.pk, knows)
    routing.release(call.pk, knows)
    dispatch()

    offer = Offer.objects.get()
    assert "preferred" in offer_out(offer, timezone.now())["work_item"]["reason"]


def test_a_lane_may_need_a_skill_at_a_level():
    office, item = an_office(), a_ticket().work_items.get()
    lane = lane_for(office, "message", "writing:2")
    WorkItem.objects.filter(pk=item.pk).update(lane=lane)
    user = a_user()
    assert routing.take_next(principal_for(user)) is None

    AgentSkill.objects.filter(agent__user=user, skill__code="writing").update(level=3)

    assert routing.take_next(principal_for(user)) is not None


def a_need(code: str, level: int = 1, **of: object) -> None:
    skill = Skill.objects.get_or_create(code=code, defaults={"label": code})[0]
    Need.objects.create(skill=skill, level=level, **of)


def test_work_of_a_procedure_a_channel_or_a_queue_needs_what_the_administrator_says():
    procedure = Procedure.objects.create(code="asile")
    version = ProcedureVersion.objects.create(procedure=procedure, number=1, published_at=timezone.now())
    other = Queue.objects.create(office=an_office(), slug="other", name="Autre", arrives_here=False)
    a_need("asylum", 2, procedure=procedure)
    a_need("web", channel="web")
    a_need("elsewhere", queue=other)

    mail = a_ticket().work_items.get()
    asked = a_ticket(channel="web")
    asked.procedure = version
    form = routing.open_work_item(asked, "message", actor="system")
    letter = routing.open_work_item(asked, "letter_to_post", actor="system")
    there = routing.open_work_item(mail.ticket, "message", actor="system", queue=other)

    assert mail.lane.skill_set == {"writing"}
    assert form.lane.skill_set == {"writing", "asylum:2", "web"}
    assert letter.lane.skill_set == {"mailroom"}
    assert there.lane.skill_set == {"writing", "elsewhere"}
    gets_by = an_agent(skills=("writing", "web", "asylum"))
    assert not gets_by.has_skills(form.lane.skill_set)


def test_work_passed_to_another_queue_needs_what_that_queue_s_work_needs():
    here, there = arrival_queue(an_office()), arrival_queue(an_office("hautmont"))
    a_need("asylum", 2, queue=here)
    a_need("titles", queue=there)
    item = a_ticket().work_items.get()
    assert item.lane.skill_set == {"writing", "asylum:2"}

    moved = routing.move(item.pk, actor="supervisor", queue=there)

    assert (moved.lane.queue, moved.lane.service_class) == (there, item.lane.service_class)
    assert moved.lane.skill_set == {"writing", "titles"}


def test_work_passed_to_another_office_waits_for_the_language_only_where_somebody_there_speaks_it():
    a_speaker("ar")
    item = a_ticket(language="ar").work_items.get()
    assert item.lane.skill_set == {"writing", "ar"}

    moved = routing.move(item.pk, actor="supervisor", queue=arrival_queue(an_office("hautmont")))
    assert (moved.lane.skill_set, moved.interpreter_needed) == ({"writing"}, True)

    back = routing.move(item.pk, actor="supervisor", queue=arrival_queue(an_office()))
    assert (back.lane.skill_set, back.interpreter_needed) == ({"writing", "ar"}, False)


def a_speaker(code: str) -> Principal:
    by = an_agent(skills=("calls", "writing", code))
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def test_a_language_is_wanted_while_somebody_on_shift_speaks_it():
    speaker = a_speaker("ar")

    item = a_ticket(language="ar").work_items.get()

    assert item.lane.skill_set == {"ar", "writing"}
    assert not item.interpreter_needed
    assert routing.take_next(an_agent()) is None
    assert routing.take_next(speaker) is not None


def test_else_anybody_answers_at_once_and_an_interpreter_is_needed():
    item = a_ticket(language="ar").work_items.get()

    assert item.lane.skill_set == {"writing"}
    assert item.interpreter_needed
    assert routing.take_next(an_agent()) is not None


def test_who_looks_at_the_queue_or_the_ticket_reads_that_an_interpreter_is_needed(client):
    ticket = a_ticket(language="tr")
    client.force_login(a_user())

    for page in ("/desk/", f"/desk/tickets/{ticket.reference}/story/"):
        assert "interprète nécessaire\u00a0: turc" in client.get(page).content.decode()


def test_when_the_speaker_goes_home_what_waits_is_anybody_s():
    speaker = a_speaker("ar")
    item = a_ticket(language="ar").work_items.get()
    assert languages.sweep_languages() == 0

    presence.set_presence(speaker.agent_id or 0, Presence.OFFLINE, actor=speaker.actor)

    assert languages.sweep_languages() == 1
    item.refresh_from_db()
    assert (item.lane.skills, item.interpreter_needed) == ("writing", True)
    assert item.ticket.events.filter(kind="work_item.interpreter_needed").exists()


def test_while_the_only_speaker_is_away_a_caller_is_anybody_s():
    speaker = a_speaker("ar")
    colleague = available()
    call = receive(a_caller(language="ar")).work_items.get()
    presence.set_presence(speaker.agent_id or 0, Presence.AWAY, actor="system", reason="passed")

    languages.sweep_languages()

    assert dispatch() == 1
    assert (Offer.objects.get().agent_id, Offer.objects.get().work_item_id) == (colleague.agent_id, call.pk)


def test_whoever_comes_on_shift_and_speaks_it_gets_what_waited_with_an_interpreter_needed():
    item = a_ticket(language="ar").work_items.get()
    a_ticket(language="tr")

    speaker = a_speaker("ar")

    assert languages.sweep_languages() == 1
    item.refresh_from_db()
    assert (item.lane.skill_set, item.interpreter_needed) == ({"ar", "writing"}, False)
    assert routing.take_next(speaker).work_item == item


@pytest.mark.parametrize(("days", "expected"), [(1, "immediate"), (5, "urgent"), (20, "message")])
def test_a_date_that_comes_near_moves_the_work_to_a_faster_class(days: int, expected: str):
    item = a_ticket().work_items.get()
    Ticket.objects.update(silence_on=timezone.localdate() + timedelta(days=days))

    sweeps.hasten()
    sweeps.hasten()

    item.refresh_from_db()
    assert item.lane.service_class == expected
    told = item.ticket.events.filter(kind="work_item.hastened")
    assert [event.data["to"] for event in told] == ([expected] if days < 8 else [])


def test_what_a_lane_itself_promises_sooner_is_left_there():
    item = a_ticket().work_items.get()
    Lane.objects.filter(pk=item.lane_id).update(target_s=600)
    Ticket.objects.update(silence_on=timezone.localdate() + timedelta(days=1))

    assert sweeps.hasten() == 0


def test_a_class_of_the_office_s_own_is_hastened_too():
    item = a_ticket().work_items.get()
    own = Lane.objects.create(queue=item.lane.queue, service_class="own", skills="writing", target_s=400 * 3600)
    WorkItem.objects.filter(pk=item.pk).update(lane=own)
    Ticket.objects.update(silence_on=timezone.localdate() + timedelta(days=1))

    assert sweeps.hasten() == 1


def test_the_day_before_which_silence_decides_is_the_office_s_day(monkeypatch):
    east = an_office("reunion", timezone="Indian/Reunion")
    item = a_ticket(office=east).work_items.get()
    late_in_paris = at("2027-01-11 23:00+01:00")  # the twelfth already, where the office is
    monkeypatch.setattr(timezone, "now", lambda: late_in_paris)
    Ticket.objects.update(silence_on="2027-01-14")

    sweeps.hasten()

    assert WorkItem.objects.get(pk=item.pk).lane.service_class == "immediate"
