"""Offers: work proposed to one agent is nobody else's, and comes back to its place."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.routing import calls, offers, presence
from contactcenter.routing import services as routing
from contactcenter.routing.dispatch import dispatch
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.lanes import arrival_queue
from contactcenter.routing.models import Agent, Assignment, Offer, Parking, Presence, WorkItem
from contactcenter.routing.signals import offer_made
from tests.factories import a_caller, a_ticket, an_agent, an_office

pytestmark = pytest.mark.django_db(transaction=True)


def a_call(number: str = "+33639980001") -> WorkItem:
    from contactcenter.intake.services import receive

    return receive(a_caller(number)).work_items.get()


def there(**fields: object) -> Principal:
    """An agent who is available and was seen just now."""
    by = an_agent(**fields)
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def offers_written(on: bool = True) -> None:
    queue = arrival_queue(an_office())
    queue.offers_written = on
    queue.save()


def state(item: WorkItem) -> str:
    return WorkItem.objects.get(pk=item.pk).state


def test_a_call_is_offered_to_an_agent_who_is_there():
    by, call = there(), a_call()
    told: list[Offer] = []
    offer_made.connect(lambda offer, **_: told.append(offer), weak=False, dispatch_uid="test")

    assert dispatch() == 1

    offer = Offer.objects.get()
    assert (offer.agent_id, offer.work_item_id, state(call)) == (by.agent_id, call.pk, "offered")
    assert offer.expires_at - offer.made_at == timedelta(seconds=20)
    assert told == [offer]
    offer_made.disconnect(dispatch_uid="test")


def test_callers_of_one_lane_are_offered_at_once_to_all_who_are_free():
    agents = [there() for _ in range(5)]
    waiting = [a_call(f"+3363998000{number}") for number in range(7)]

    assert dispatch() == 5

    offered = Offer.objects.order_by("pk").values_list("work_item", flat=True)
    assert list(offered) == [call.pk for call in waiting[:5]]
    assert {offer.agent_id for offer in Offer.objects.all()} == {by.agent_id for by in agents}


def test_who_is_to_be_called_back_is_offered_like_a_call():
    there()
    routing.open_work_item(a_ticket(), "callback", actor="system")

    assert dispatch() == 1
    offer = Offer.objects.get()
    assert (offer.work_item.kind, offer.expires_at - offer.made_at) == ("callback", timedelta(seconds=20))


def test_what_is_set_aside_until_later_is_not_offered():
    there()
    later = timezone.now() + timedelta(minutes=10)
    routing.open_work_item(a_ticket(), "callback", actor="system", due_from=later)

    assert dispatch() == 0


def test_nobody_is_offered_a_call_who_was_not_seen_for_half_a_minute():
    by = there()
    a_call()
    Agent.objects.filter(pk=by.agent_id).update(seen_at=timezone.now() - timedelta(seconds=31))

    assert dispatch() == 0


def test_nobody_is_offered_a_call_who_no_longer_works_here_though_their_page_is_open():
    by = there()
    a_call()
    User.objects.filter(agent=by.agent_id).update(is_active=False)

    assert dispatch() == 0


def test_written_work_is_offered_only_where_its_queue_says_so():
    there()
    a_ticket()
    assert dispatch() == 0

    offers_written()

    assert dispatch() == 1
    offer = Offer.objects.get()
    assert offer.expires_at - offer.made_at == timedelta(seconds=60)


def test_accepted_it_is_in_hand():
    by, call = there(), a_call()
    dispatch()

    item = routing.accept(Offer.objects.get().pk, by).work_item

    assert (item.pk, item.state, item.stage) == (call.pk, "assigned", "connecting")
    assert Offer.objects.get().outcome == "accepted"


def test_an_offered_item_is_nobody_else_s_and_the_refusal_names_the_agent():
    by, call = there(), a_call()
    other = an_agent()
    dispatch()

    with pytest.raises(AlreadyTakenError) as told:
        routing.take(call.pk, other)

    assert told.value.holder == by.label
    assert routing.take_next(other) is None


def test_taking_what_one_is_offered_accepts_it():
    by, call = there(), a_call()
    dispatch()

    taken = routing.take(call.pk, by)

    assert taken.work_item.pk == call.pk
    assert Offer.objects.get().outcome == "accepted"


def test_declined_it_is_back_at_its_place():
    by, call = there(), a_call()
    dispatch()

    offers.decline(Offer.objects.get().pk, by)

    fresh = WorkItem.objects.get(pk=call.pk)
    assert (fresh.state, fresh.enqueued_at) == ("waiting", call.enqueued_at)
    with pytest.raises(InvalidError):
        routing.accept(Offer.objects.get().pk, by)


def pass_on(how: str, agents: list[Principal]) -> int | None:
    """The open offer is declined, or its time runs out; returns whose it was."""
    offer = Offer.objects.get(ended_at=None)
    if how == "declined":
        offers.decline(offer.pk, next(by for by in agents if by.agent_id == offer.agent_id))
    else:
        Offer.objects.filter(pk=offer.pk).update(expires_at=timezone.now())
    return offer.agent_id


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_an_offer_that_somebody_passes_on_goes_to_each_of_the_others_first(how: str):
    agents = [there(), there(), there()]
    a_call()
    dispatch()

    asked = []
    for _ in agents:
        asked.append(pass_on(how, agents))
        assert dispatch() == 1

    assert set(asked) == {by.agent_id for by in agents}
    assert Offer.objects.get(ended_at=None).agent_id == asked[0]  # all have passed: the longest idle once more


def test_who_writes_is_asked_before_the_idle_one_who_has_passed():
    writer = there()
    routing.take(a_ticket().work_items.get().pk, writer)
    idle = there()
    a_call()
    dispatch()
    assert pass_on("declined", [idle]) == idle.agent_id

    dispatch()

    assert Offer.objects.get(ended_at=None).agent_id == writer.agent_id


@pytest.mark.parametrize("how", ["declined", "expired"])
def test_an_agent_who_lets_two_pass_is_away(how: str):
    by = there()
    call = a_call()
    for _ in range(2):
        assert Agent.objects.get(pk=by.agent_id).presence == "available"
        assert dispatch() == 1
        pass_on(how, [by])
        offers.expire_due()
        back = WorkItem.objects.get(pk=call.pk)
        assert (back.state, back.enqueued_at, back.lane_id) == ("waiting", call.enqueued_at, call.lane_id)

    agent = Agent.objects.get(pk=by.agent_id)
    assert (agent.presence, agent.reason) == ("away", "passed")
    assert dispatch() == 0


def test_an_acceptance_between_two_passes_keeps_one_there():
    by = there()
    a_call()
    dispatch()
    offers.decline(Offer.objects.get(ended_at=None).pk, by)
    dispatch()
    item = routing.accept(Offer.objects.get(ended_at=None).pk, by).work_item
    routing.release(item.pk, by)
    dispatch()
    offers.decline(Offer.objects.get(ended_at=None).pk, by)

    assert Agent.objects.get(pk=by.agent_id).presence == "available"


def test_a_caller_who_hangs_up_takes_the_offer_along():
    there()
    call = a_call()
    dispatch()

    routing.withdraw(call.pk, actor="system", outcome="abandoned")

    assert Offer.objects.get().outcome == "withdrawn"
    assert state(call) == "done"


def test_who_leaves_gives_back_what_was_offered():
    by, call = there(), a_call()
    dispatch()

    presence.set_presence(by.agent_id or 0, Presence.AWAY, actor=by.actor, reason="lunch")

    assert state(call) == "waiting"
    assert Offer.objects.get().outcome == "withdrawn"


def test_an_offer_to_somebody_else_is_not_there():
    there()
    a_call()
    dispatch()

    with pytest.raises(NotFoundError):
        routing.accept(Offer.objects.get().pk, an_agent())


def test_an_agent_in_written_work_is_offered_a_call_once_and_the_work_stands_still():
    by = there()
    message = a_ticket().work_items.get()
    routing.take(message.pk, by)
    a_call()
    assert dispatch() == 1
    lease = Assignment.objects.get(work_item=message).lease_until

    call = routing.accept(Offer.objects.get().pk, by).work_item

    parked = Assignment.objects.get(work_item=message)
    assert parked.parked_at is not None
    Assignment.objects.filter(pk=parked.pk).update(parked_at=timezone.now() - timedelta(minutes=30))
    calls.connected(call.pk, call=1)
    calls.over(call.pk, outcome="served")
    routing.done(call.pk, by)
    resumed = Assignment.objects.get(work_item=message)
    assert resumed.parked_at is None
    assert resumed.lease_until is not None
    assert lease is not None
    assert resumed.lease_until >= lease + timedelta(minutes=30)
    a_call("+33639980002")
    assert dispatch() == 0


def test_from_when_to_when_writing_was_set_aside_is_kept():
    by = there()
    message, letter = a_ticket().work_items.get(), a_ticket().work_items.get()
    routing.take(message.pk, by)
    routing.take(letter.pk, by)
    call = a_call()
    routing.take(call.pk, by)
    assert Parking.objects.filter(ended_at=None).count() == 2

    routing.release(letter.pk, by)
    routing.withdraw(call.pk, actor="system", outcome="abandoned")

    of_letter, of_message = Parking.objects.order_by("ended_at")
    assert (of_letter.assignment.work_item_id, of_message.assignment.work_item_id) == (letter.pk, message.pk)
    assert of_letter.ended_at < of_message.ended_at == Assignment.objects.get(work_item=call).ended_at


def test_whoever_declines_a_call_is_left_to_their_writing():
    by = there()
    routing.take(a_ticket().work_items.get().pk, by)
    a_call()
    dispatch()

    offers.decline(Offer.objects.get().pk, by)

    assert dispatch() == 0


def test_accepting_takes_what_else_waits_of_the_ticket():
    by, colleague = there(), there(skills=("writing",))
    call = a_call()
    message = routing.open_work_item(call.ticket, "message", actor="system")
    dispatch()

    taken = routing.accept(Offer.objects.get().pk, by)

    assert [item.pk for item in taken.also] == [message.pk]
    assert routing.take_next(colleague) is None


def test_who_left_meanwhile_is_offered_nothing():
    by, call = there(), a_call()
    presence.set_presence(by.agent_id or 0, Presence.AWAY, actor=by.actor)

    assert offers.make(call.pk, by.agent_id or 0) is None
    assert state(call) == "waiting"


def test_who_is_on_the_line_is_offered_nothing():
    by, first, second = there(), a_call(), a_call("+33639980002")
    routing.take(first.pk, by)

    assert offers.make(second.pk, by.agent_id or 0) is None
    assert state(second) == "waiting"


@pytest.mark.parametrize("kind", ["call", "message"])
def test_whoever_takes_a_call_elsewhere_is_no_longer_offered_anything_and_has_passed_on_nothing(kind: str):
    by, other = there(), a_call("+33639980002")
    offered = a_call() if kind == "call" else a_ticket().work_items.get()
    offer = offers.make(offered.pk, by.agent_id or 0)
    assert offer is not None

    routing.take(other.pk, by)

    assert (state(offered), Offer.objects.get().outcome) == ("waiting", "withdrawn")


def test_a_call_is_not_accepted_by_one_who_is_on_the_line_meanwhile():
    by, offered, other = there(), a_call(), a_call("+33639980002")
    offer = offers.make(offered.pk, by.agent_id or 0)
    assert offer is not None
    with transaction.atomic():  # the offer is taken back a moment after the call was taken
        routing.take(other.pk, by)

        with pytest.raises(InvalidError):
            routing.accept(offer.pk, by)

    assert (state(offered), Offer.objects.get().outcome) == ("waiting", "withdrawn")


def test_offered_writing_is_not_accepted_with_hands_that_are_full_meanwhile():
    offers_written()
    by = there()
    Agent.objects.filter(pk=by.agent_id).update(capacity=1)
    offered = a_ticket().work_items.get()
    dispatch()
    routing.take(a_ticket().work_items.get().pk, by)

    with pytest.raises(InvalidError):
        routing.accept(Offer.objects.get().pk, by)

    assert (state(offered), Offer.objects.get().outcome) == ("waiting", "withdrawn")


def test_thirty_agents_are_looked_at_in_a_handful_of_statements(django_assert_max_num_queries):
    for _ in range(30):
        there(skills=("writing",))
    a_call()

    with django_assert_max_num_queries(10):
        assert dispatch() == 0


def test_the_idle_are_offered_a_call_before_those_who_write():
    busy, idle = there(), there()
    routing.take(a_ticket().work_items.get().pk, busy)
    a_call()

    dispatch()

    assert Offer.objects.get().agent_id == idle.agent_id


def test_who_knows_the_ticket_is_asked_first_among_the_idle():
    longest, knows = there(), there()
    item = a_call()
    routing.take(item.pk, knows)
    routing.release(item.pk, knows)

    dispatch()

    assert Offer.objects.get().agent_id == knows.agent_id != longest.agent_id


def test_what_one_cannot_do_or_see_is_not_offered():
    there(skills=("writing",))
    there(office=an_office("elsewhere"))
    a_call()

    assert dispatch() == 0
