"""A call in somebody's hands is nobody else's: neither queued again, nor ended, nor doubled."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.desk import services as desk
from contactcenter.errors import InvalidError
from contactcenter.intake.services import receive
from contactcenter.routing import calls, presence, sweeps
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import (
    NEXT_STAGE,
    Agent,
    Assignment,
    Offer,
    Parking,
    Presence,
    Stage,
    WorkItem,
    WrongStepError,
)
from tests.factories import a_caller, a_ticket, an_agent, an_office

pytestmark = pytest.mark.django_db(transaction=True)


def there() -> Principal:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def a_call(number: str = "+33639980001", *, written: bool = False) -> WorkItem:
    ticket = receive(a_caller(number))
    if written:
        routing.open_work_item(ticket, "message", actor="system")
    return ticket.work_items.get(kind="call")


def talking(item: WorkItem, by: Principal) -> None:
    routing.take(item.pk, by)
    calls.connected(item.pk)


def stands(item: WorkItem) -> tuple[str, str]:
    return WorkItem.objects.values_list("state", "stage").get(pk=item.pk)


def test_a_conversation_that_is_over_is_not_given_back():
    by, call = there(), a_call()
    talking(call, by)
    calls.over(call.pk, outcome="served")

    with pytest.raises(InvalidError):
        routing.release(call.pk, by)

    assert stands(call) == ("assigned", "wrap_up")
    routing.done(call.pk, by)
    assert stands(call) == ("done", "")


def test_who_is_called_again_in_the_wrap_up_has_a_second_call_with_its_own_times_that_no_timer_ends():
    by = there()
    item = routing.open_work_item(a_ticket(), "callback", actor="system")
    talking(item, by)
    calls.over(item.pk, outcome="reached")

    calls.take_up(item.pk, by)

    assert stands(item) == ("assigned", "connecting")
    Assignment.objects.filter(wrap_up_at__isnull=False).update(lease_until=timezone.now())
    sweeps.sweep_leases()
    calls.connected(item.pk)
    calls.over(item.pk, outcome="reached")
    first, second = Assignment.objects.filter(work_item=item).order_by("pk")
    assert (first.why_ended, second.ended_at) == ("called_again", None)
    assert first.connected_at < first.wrap_up_at < second.connected_at < second.wrap_up_at


@pytest.mark.parametrize("was", ["", *Stage.values])
@pytest.mark.parametrize("to", Stage)
def test_a_call_comes_on_as_its_table_says_and_not_otherwise(was: str, to: Stage):
    item = WorkItem(state="assigned", stage=was)

    if to == was or to in NEXT_STAGE[was]:
        item.come_to(to)
        assert item.stage == to
    else:
        with pytest.raises(WrongStepError):
            item.come_to(to)
        assert item.stage == was


def test_who_wraps_up_does_not_come_back_into_the_conversation_that_is_over():
    by, call = there(), a_call()
    talking(call, by)
    calls.over(call.pk, outcome="served")

    with pytest.raises(WrongStepError):
        calls.connected(call.pk)

    assert stands(call) == ("assigned", "wrap_up")


@pytest.mark.parametrize("stage", ["connecting", "connected", "wrap_up"])
def test_giving_back_a_message_leaves_the_call_of_its_request_alone(stage: str):
    by, call = there(), a_call(written=True)
    routing.take(call.pk, by)
    if stage != "connecting":
        calls.connected(call.pk)
    if stage == "wrap_up":
        calls.over(call.pk, outcome="served")
    message = call.ticket.work_items.get(kind="message")

    routing.release(message.pk, by)

    assert stands(call) == ("assigned", stage)
    assert stands(message) == ("waiting", "")


def test_whoever_speaks_hangs_up_before_they_are_done():
    by, call = there(), a_call()
    talking(call, by)

    with pytest.raises(InvalidError):
        routing.done(call.pk, by)

    assert stands(call) == ("assigned", "connected")


def test_who_is_on_the_line_takes_no_second_call():
    by, first, second = there(), a_call(), a_call("+33639980002")
    talking(first, by)

    with pytest.raises(InvalidError):
        routing.take(second.pk, by)
    with pytest.raises(InvalidError):
        calls.take_up(second.pk, by)

    assert stands(second) == ("waiting", "")


def test_with_a_message_comes_no_second_call():
    by, first, second = there(), a_call(), a_call("+33639980002", written=True)
    talking(first, by)

    taken = routing.take(second.ticket.work_items.get(kind="message").pk, by)

    assert taken.also == []
    assert stands(second) == ("waiting", "")


def test_with_a_message_comes_one_caller_of_two():
    by, first = there(), a_call(written=True)
    second = routing.open_work_item(first.ticket, "call", actor="system")

    routing.take(first.ticket.work_items.get(kind="message").pk, by)

    assert (stands(first), stands(second)) == (("assigned", "connecting"), ("waiting", ""))


def test_with_a_message_comes_its_caller_and_nobody_who_is_to_be_called_back():
    by, call = there(), a_call(written=True)
    callback = routing.open_work_item(call.ticket, "callback", actor="system")

    taken = routing.take(call.ticket.work_items.get(kind="message").pk, by)

    assert [item.pk for item in taken.also] == [call.pk]
    assert stands(callback) == ("waiting", "")


def test_what_came_along_with_a_call_waits_again_with_its_caller():
    first, second, call = there(), there(), a_call(written=True)
    message = call.ticket.work_items.get(kind="message")
    routing.take(call.pk, first)

    routing.requeue(call.pk, actor="system", why="leg_lost")

    assert (stands(call), stands(message)) == (("waiting", ""), ("waiting", ""))
    assert routing.take(call.pk, second).also == [message]
    desk.reply(call.ticket.reference, "Oui.", second)


def being_called(by: Principal) -> tuple[WorkItem, WorkItem]:
    """The message in somebody's hands, and the callback of its person that they have just begun."""
    ticket = a_ticket()
    message = ticket.work_items.get()
    routing.take(message.pk, by)
    callback = routing.open_work_item(ticket, "callback", actor=by.actor)
    return message, calls.take_up(callback.pk, by)


@pytest.mark.parametrize("goes", ["given_back", "lost"])
def test_what_an_agent_was_writing_stays_theirs_where_the_person_they_call_is_not_reached(goes: str):
    by = there()
    message, callback = being_called(by)

    if goes == "lost":
        routing.requeue(callback.pk, actor="system", why="no_line")
    else:
        routing.release(callback.pk, by)

    assert (stands(callback), stands(message)) == (("waiting", ""), ("assigned", ""))
    held = Assignment.objects.get(work_item=message, ended_at=None)
    assert (held.agent_id, held.parked_at) == (by.agent_id, None)
    desk.reply(message.ticket.reference, "Oui.", by)


def test_what_an_agent_was_writing_waits_with_whoever_was_reached_and_lost_them():
    by = there()
    message, callback = being_called(by)
    calls.connected(callback.pk)

    routing.requeue(callback.pk, actor="system", why="leg_lost")

    assert (stands(callback), stands(message)) == (("waiting", ""), ("waiting", ""))


def passed_to(colleague: Principal, by: Principal, callback: WorkItem) -> None:
    routing.move(callback.pk, actor=by.actor, agent=Agent.objects.get(pk=colleague.agent_id))


def taken_up_after_the_line_was_lost(colleague: Principal, by: Principal, callback: WorkItem) -> None:
    routing.requeue(callback.pk, actor="system", why="leg_lost")
    routing.take(callback.ticket.work_items.get(kind="message").pk, colleague)
    calls.take_up(callback.pk, colleague)


@pytest.mark.parametrize("comes", [passed_to, taken_up_after_the_line_was_lost])
@pytest.mark.parametrize("goes", ["given_back", "lost"])
def test_what_is_answered_waits_with_whoever_was_reached_and_is_not_taken_up_by_a_colleague(
    comes: Callable[[Principal, Principal, WorkItem], None], goes: str
):
    by, colleague = there(), there()
    message, callback = being_called(by)
    calls.connected(callback.pk)
    comes(colleague, by, callback)
    held = Assignment.objects.filter(work_item=message, ended_at=None, agent=colleague.agent_id)
    assert held.exists()

    if goes == "lost":
        routing.requeue(callback.pk, actor="system", why="leg_lost")
    else:
        routing.release(callback.pk, colleague)

    assert (stands(callback), stands(message)) == (("waiting", ""), ("waiting", ""))


def test_what_an_agent_was_writing_stays_theirs_where_they_call_again_and_reach_nobody():
    by = there()
    message, callback = being_called(by)
    calls.connected(callback.pk)
    calls.over(callback.pk, outcome="reached")
    calls.take_up(callback.pk, by)

    routing.requeue(callback.pk, actor="system", why="no_line")

    assert (stands(callback), stands(message)) == (("waiting", ""), ("assigned", ""))


def test_what_came_along_with_a_callback_waits_again_with_it():
    by, ticket = there(), a_ticket()
    callback = routing.open_work_item(ticket, "callback", actor="system")
    routing.take(callback.pk, by, reason="test")

    routing.requeue(callback.pk, actor="system", why="not_dialled")

    assert (stands(callback), stands(ticket.work_items.get(kind="message"))) == (("waiting", ""), ("waiting", ""))


def test_what_is_answered_beside_a_call_is_passed_to_the_queue_with_it():
    by, call = there(), a_call(written=True)
    message = call.ticket.work_items.get(kind="message")
    letter = routing.open_work_item(call.ticket, "letter_to_post", actor="system")
    talking(call, by)
    other = arrival_queue(an_office("elsewhere"))

    routing.move(call.pk, actor=by.actor, queue=other)

    message.refresh_from_db()
    assert (stands(message), message.lane.queue) == (("waiting", ""), other)
    assert stands(letter) == ("assigned", "")  # it is posted where it was printed


def test_what_is_answered_beside_a_call_goes_into_the_hands_of_who_speaks_on():
    by, colleague, call = there(), there(), a_call(written=True)
    message = call.ticket.work_items.get(kind="message")
    talking(call, by)

    routing.move(call.pk, actor=by.actor, agent=Agent.objects.get(pk=colleague.agent_id))

    held = Assignment.objects.get(work_item=message, ended_at=None)
    assert held.agent_id == colleague.agent_id
    assert held.parked_at is not None
    desk.reply(call.ticket.reference, "Oui.", colleague)


def test_what_is_passed_on_by_itself_takes_nothing_along():
    by, call = there(), a_call(written=True)
    message = call.ticket.work_items.get(kind="message")
    routing.take(call.pk, by)

    routing.move(message.pk, actor=by.actor, queue=message.lane.queue)

    assert (stands(call), stands(message)) == (("assigned", "connecting"), ("waiting", ""))


@pytest.mark.parametrize("taken", ["call", "message"])
def test_what_came_along_with_a_call_stands_still_while_it_lasts(taken: str):
    by, call = there(), a_call(written=True)
    routing.open_work_item(call.ticket, "message", actor="system")
    routing.take(call.ticket.work_items.filter(kind=taken).first().pk, by)
    calls.connected(call.pk)
    written = Assignment.objects.filter(ended_at=None).exclude(work_item=call)
    assert written.exclude(parked_at=None).count() == 2
    assert Parking.objects.filter(ended_at=None).count() == 2

    written.update(lease_until=timezone.now())
    sweeps.sweep_leases()

    assert written.count() == 2
    calls.over(call.pk, outcome="served")
    routing.done(call.pk, by)
    assert written.filter(parked_at=None).count() == 2


def test_nobody_is_done_with_a_caller_who_waits():
    call = a_call()

    with pytest.raises(InvalidError):
        routing.done(call.pk, an_agent())

    assert stands(call) == ("waiting", "")


def test_nobody_is_done_with_what_a_colleague_is_offered():
    by, call = there(), a_call()
    dispatch()

    with pytest.raises(AlreadyTakenError, match=by.label):
        routing.done(call.pk, an_agent())

    assert stands(call) == ("offered", "")
    routing.accept(Offer.objects.get().pk, by)


def test_work_for_a_promised_hour_keeps_it_in_another_queue():
    ticket = a_ticket()
    at = timezone.now() + timedelta(hours=3)
    callback = routing.open_work_item(ticket, "callback", actor="system", due_from=at)

    routing.move(callback.pk, actor="supervisor", queue=callback.lane.queue)

    callback.refresh_from_db()
    assert (callback.state, callback.due_from) == ("scheduled", at)
