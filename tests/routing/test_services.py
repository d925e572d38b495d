"""Work items: taken by one, given back to their place, woken in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotAllowedError, NotFoundError
from contactcenter.routing import holding, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.models import NEXT, Assignment, WorkItem, WorkState, WrongStepError
from contactcenter.routing.waiting import waiting_page
from tests.factories import a_caller, a_ticket, an_agent, an_inbound, an_office

pytestmark = pytest.mark.django_db


def a_work_item(**fields: object) -> WorkItem:
    return a_ticket(**fields).work_items.get()


def test_taking_opens_the_ticket_and_leases_the_work():
    item, agent = a_work_item(), an_agent()

    taken = routing.take(item.pk, agent)

    assert taken.work_item.state == "assigned"
    item.ticket.refresh_from_db()
    assert item.ticket.state == "open"
    assert Assignment.objects.get(work_item=item, ended_at=None).lease_until > timezone.now()


def test_the_second_is_told_who_has_it():
    item, first, second = a_work_item(), an_agent(), an_agent()
    routing.take(item.pk, first)

    with pytest.raises(AlreadyTakenError) as told:
        routing.take(item.pk, second)

    assert told.value.holder == first.label


def test_next_is_the_most_late_by_its_own_promise():
    office = an_office()
    now = timezone.now()
    a_work_item(external_id="fresh mail", occurred_at=now)
    late_letter = a_work_item(
        channel="paper", external_id="old letter", occurred_at=now - timedelta(days=60), office=office, needs="message"
    )

    taken = routing.take_next(Principal.of_service())

    assert taken is not None
    assert taken.work_item.pk == late_letter.pk


def test_what_is_released_returns_to_its_place():
    item, agent = a_work_item(), an_agent()
    routing.take(item.pk, agent)

    routing.release(item.pk, agent)

    fresh = WorkItem.objects.get(pk=item.pk)
    assert (fresh.state, fresh.enqueued_at) == ("waiting", item.enqueued_at)


def test_a_lease_that_ended_gives_the_work_back():
    item, agent = a_work_item(), an_agent()
    routing.take(item.pk, agent)
    Assignment.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert sweeps.sweep_leases() == 1
    assert WorkItem.objects.get(pk=item.pk).state == "waiting"
    assert item.ticket.events.filter(kind="work_item.released", data__why="lease_ended").exists()


def test_a_live_call_has_no_lease_that_ends():
    item = a_ticket(channel="phone", needs="call", receipt=False).work_items.get()
    routing.take(item.pk, an_agent())

    assert Assignment.objects.get(work_item=item).lease_until is None
    assert sweeps.sweep_leases() == 0


def test_what_is_not_yet_due_is_scheduled_and_woken_by_the_clock():
    item = a_work_item()
    routing.schedule(item.pk, timezone.now() + timedelta(hours=1), actor="agent:1", why="hold")
    assert routing.take_next(Principal.of_service()) is None

    WorkItem.objects.update(due_from=timezone.now())

    assert sweeps.wake_scheduled() == 1
    assert routing.take_next(Principal.of_service()) is not None


def test_work_of_another_office_does_not_exist_for_me():
    item = a_work_item(office=an_office("elsewhere"))

    with pytest.raises(NotFoundError):
        routing.take(item.pk, an_agent())


def test_work_needs_its_skill():
    item = a_work_item()

    with pytest.raises(NotAllowedError):
        routing.take(item.pk, an_agent(skills=("mailroom",)))
    assert routing.take_next(an_agent(skills=("mailroom",))) is None


def test_taking_one_takes_the_ticket_s_other_waiting_work():
    ticket = a_ticket()
    ours = ticket.deliveries.get().external_id
    a_ticket(replies_to=(ours,))
    agent = an_agent()

    taken = routing.take_next(agent)

    assert taken is not None
    assert [item.ticket_id for item in taken.also] == [ticket.pk]
    routing.release(taken.work_item.pk, agent)
    assert WorkItem.objects.waiting().count() == 2


def test_the_queue_is_shown_in_the_order_in_which_it_is_taken():
    now = timezone.now()
    for number in range(12):
        a_work_item(external_id=f"m{number}", occurred_at=now - timedelta(hours=number % 5, minutes=number))
        a_work_item(external_id=f"p{number}", channel="paper", occurred_at=now - timedelta(days=number % 3))
    service = Principal.of_service()

    shown: list[int] = []
    cursor = ""
    while True:
        page = waiting_page(service, limit=7, cursor=cursor)
        shown += [waiting.item.pk for waiting in page.items]
        if not page.next:
            break
        cursor = page.next
    taken = [took.work_item.pk for took in iter(lambda: routing.take_next(service), None)]

    assert len(shown) == len(set(shown)) == 24
    assert shown == taken


def test_the_rest_of_the_queue_is_shown_though_what_one_saw_last_was_set_aside():
    now = timezone.now()
    items = [a_work_item(external_id=f"m{n}", occurred_at=now - timedelta(hours=10 - n)) for n in range(6)]
    by = an_agent()
    first = waiting_page(by, limit=2)

    routing.schedule(items[1].pk, now + timedelta(days=1), actor=by.actor, why="hold", keep_place=False)
    rest = waiting_page(by, limit=50, cursor=first.next or "")

    assert [one.item.pk for one in (*first.items, *rest.items)] == [item.pk for item in items]


@pytest.mark.parametrize("wrong", ["1-zz-1-1", "1-1-1", f"1-{'f' * 40}-1-1"])
def test_a_place_that_is_none_of_ours_is_refused(wrong: str):
    with pytest.raises(ValueError, match=r"cursors|invalid|unpack"):
        waiting_page(an_agent(), cursor=f"{timezone.now().isoformat()}~{wrong}")


def test_an_abandoned_call_s_callback_waits_behind_those_who_hold_the_line():
    an_hour_ago = timezone.now() - timedelta(minutes=10)
    ticket = a_ticket(channel="phone", needs="", receipt=False, occurred_at=an_hour_ago)
    callback = routing.open_work_item(
        ticket, "callback", actor="system", service_class="abandoned", enqueued_at=an_hour_ago
    )
    call = a_ticket(channel="phone", needs="call", receipt=False, external_id="CA").work_items.get()
    WorkItem.objects.filter(pk=call.pk).update(enqueued_at=timezone.now() - timedelta(minutes=1))

    page = waiting_page(Principal.of_service())

    assert callback.channel == "phone"
    assert [waiting.item.pk for waiting in page.items] == [call.pk, callback.pk]


def test_the_queue_costs_as_many_queries_however_long(django_assert_max_num_queries):
    for number in range(30):
        a_work_item(external_id=f"m{number}")
    agent = an_agent()

    with django_assert_max_num_queries(6):
        assert len(waiting_page(agent).items) == 30


def test_a_caller_who_holds_the_line_is_seen_as_a_call():
    from contactcenter.intake.services import receive

    item = receive(a_caller()).work_items.get()

    assert (item.kind, item.channel, item.lane.service_class) == ("call", "phone", "call")
    assert an_inbound().needs == "message"


@pytest.mark.parametrize("was", WorkState)
@pytest.mark.parametrize("to", WorkState)
def test_a_work_item_takes_the_steps_of_its_life_and_no_others(was: WorkState, to: WorkState):
    item = WorkItem(state=was)

    if to == was or to in NEXT[was]:
        item.step(to)
        assert item.state == to
    else:
        with pytest.raises(WrongStepError):
            item.step(to)
        assert item.state == was


def test_what_is_done_is_neither_offered_nor_given_back():
    item = a_work_item()
    routing.done(item.pk, an_agent())
    over = WorkItem.objects.with_lane().get(pk=item.pk)

    with pytest.raises(WrongStepError):
        holding.give_back(over, "agent:1", "released")

    assert WorkItem.objects.get(pk=item.pk).state == "done"
