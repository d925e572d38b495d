"""Every hold is an interval with its hand and its reason, whatever ends it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.routing import presence
from contactcenter.routing import services as routing
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, Presence
from ivr.models import Call, Command, Hold, Leg
from ivr.services import bad_line, calls, conversations, doors, ending, legs, transfers, waiting
from tests.factories import an_agent, an_office

pytestmark = pytest.mark.django_db

LINE = "+33199000099"


@pytest.fixture(autouse=True)
def _fresh():
    """What is kept of a line between two calls is of another test's office."""
    for forget in (calls.forget_lines, doors.forget):
        forget()


def there() -> Principal:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    Agent.objects.filter(pk=by.agent_id).update(phone=LINE)
    return by


def comes_in(leg: Leg) -> None:
    """Whoever is at this telephone takes it up and joins."""
    legs.answered(leg, f"CAleg{leg.pk}")
    legs.joined(leg)


def in_conversation(by: Principal) -> Call:
    call = calls.begin("CA1", number="+33639980001", line=an_office().phone)
    waiting.wait(call)
    taken = routing.take_next(by)
    assert taken
    legs.connect(taken.work_item.pk, by.agent_id, LINE)
    comes_in(Leg.objects.get())
    return legs.connected(call)


def on_hold(by: Principal) -> Call:
    return conversations.hold(in_conversation(by), by)


def is_resumed(call: Call, by: Principal) -> None:
    conversations.resume(call, by)


def is_swapped(call: Call, by: Principal) -> None:
    bad_line.bad_line(call, by)


def is_called_back(call: Call, by: Principal) -> None:
    bad_line.bad_line(call, by, do=bad_line.CALL_BACK)


def goes_to_a_queue(call: Call, by: Principal) -> None:
    transfers.transfer(call, by, queue=arrival_queue(an_office()))


def goes_to_a_colleague(call: Call, by: Principal) -> None:
    transfers.transfer(call, by, agent=Agent.objects.get(pk=there().agent_id))


def loses_the_agent(call: Call, by: Principal) -> None:
    legs.leg_gone(call.legs.get())


def is_given_back(call: Call, by: Principal) -> None:
    legs.let_go(call.work_item_id or 0)


def goes_on_with_a_colleague(call: Call, by: Principal) -> None:
    transfers.transfer(call, by, agent=Agent.objects.get(pk=there().agent_id), warm=True)
    comes_in(call.legs.latest("pk"))
    legs.leg_gone(call.legs.earliest("pk"))


def hangs_up(call: Call, by: Principal) -> None:
    ending.end(call)


@pytest.mark.parametrize(
    ("ends", "why"),
    [
        (is_resumed, "resumed"),
        (is_swapped, "line"),
        (is_called_back, "line"),
        (goes_to_a_queue, "passed_on"),
        (goes_to_a_colleague, "passed_on"),
        (loses_the_agent, "left"),
        (is_given_back, "left"),
        (goes_on_with_a_colleague, "left"),
        (hangs_up, "over"),
    ],
)
def test_whatever_ends_a_hold_ends_its_interval(ends: Callable[[Call, Principal], None], why: str):
    by = there()
    call = on_hold(by)
    began = timezone.now() - timedelta(seconds=40)
    Hold.objects.update(started_at=began)

    ends(Call.objects.get(pk=call.pk), by)

    hold = Hold.objects.get()
    assert (hold.call_id, hold.actor, hold.started_at, hold.why_ended) == (call.pk, by.actor, began, why)
    assert hold.ended_at is not None
    assert Call.objects.get(pk=call.pk).held_at is None


def test_put_on_hold_twice_a_person_was_on_hold_twice_and_the_second_goes_on():
    by = there()
    call = on_hold(by)
    conversations.hold(call, by)
    conversations.resume(call, by)

    conversations.hold(call, by)

    first, second = Hold.objects.order_by("pk")
    assert (first.why_ended, second.why_ended, second.ended_at) == ("resumed", "", None)
    assert Call.objects.get().held_at == second.started_at


def test_a_person_who_is_handed_on_while_on_hold_is_heard_again_and_the_story_says_so():
    by = there()
    call = on_hold(by)

    goes_on_with_a_colleague(call, by)

    assert Command.objects.filter(kind=Command.Kind.HOLD).latest("pk").argument == "off"
    assert call.ticket.events.filter(kind="call.resumed", actor="system").count() == 1


def test_who_was_not_on_hold_has_no_interval():
    by = there()

    ending.end(in_conversation(by))

    assert not Hold.objects.exists()
