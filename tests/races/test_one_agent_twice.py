"""One agent in several tabs at once: they have one line, and no more in hand than they may."""

from collections.abc import Callable

import pytest

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point, Speaker
from contactcenter.desk import calling
from contactcenter.errors import DomainError
from contactcenter.intake.services import receive
from contactcenter.routing import offers, presence
from contactcenter.routing import services as routing
from contactcenter.routing.models import Agent, Assignment, Offer, Presence, WorkItem
from tests.factories import a_caller, a_ticket, an_agent
from tests.races.together import six_times, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


def there() -> Principal:
    by = an_agent()
    presence.set_presence(by.agent_id or 0, Presence.AVAILABLE, actor=by.actor)
    return by


def callers(first: int, many: int) -> list[WorkItem]:
    return [receive(a_caller(f"+3363998{first + number:04d}")).work_items.get() for number in range(many)]


def quietly(act: Callable[[], object]) -> Callable[[], None]:
    """An act that may be refused by a rule, but never by a deadlock."""

    def tried() -> None:
        try:
            act()
        except DomainError:
            return

    return tried


def calls_of(by: Principal) -> int:
    return Assignment.objects.filter(agent=by.agent_id, ended_at=None, work_item__kind="call").count()


def test_the_next_asked_for_by_six_tabs_is_one_call():
    by = there()
    callers(0, 6)

    six_times(quietly(lambda: routing.take_next(by)))

    assert calls_of(by) == 1


def test_the_next_asked_for_by_six_tabs_is_as_much_writing_as_one_may_have():
    by = there()
    Agent.objects.filter(pk=by.agent_id).update(capacity=2)
    for _ in range(6):
        a_ticket()

    six_times(quietly(lambda: routing.take_next(by)))

    assert Assignment.objects.filter(agent=by.agent_id, ended_at=None).count() == 2


def test_what_six_tabs_choose_is_as_much_writing_as_one_may_have():
    by = there()
    Agent.objects.filter(pk=by.agent_id).update(capacity=2)
    chosen = [a_ticket().work_items.get().pk for _ in range(6)]

    together(*[quietly(lambda pk=pk: routing.take(pk, by)) for pk in chosen])

    assert Assignment.objects.filter(agent=by.agent_id, ended_at=None).count() == 2


def test_who_accepts_a_call_while_taking_the_next_has_one():
    for number in range(ROUNDS):
        by = there()
        offered, _other = callers(10 * number, 2)
        offer = offers.make(offered.pk, by.agent_id or 0)
        assert offer is not None

        together(
            quietly(lambda pk=offer.pk, by=by: routing.accept(pk, by)),
            quietly(lambda by=by: routing.take_next(by)),
        )

        assert calls_of(by) == 1
        assert not Offer.objects.filter(agent=by.agent_id, ended_at=None).exists()
        WorkItem.objects.waiting().update(state="done", done_at="2026-01-01T00:00Z")


def test_who_takes_a_call_at_the_moment_of_an_offer_is_offered_nothing():
    for number in range(ROUNDS):
        by = there()
        first, second = callers(10 * number, 2)

        together(
            quietly(lambda pk=first.pk, by=by: offers.make(pk, by.agent_id or 0)),
            quietly(lambda pk=second.pk, by=by: routing.take(pk, by)),
        )

        assert calls_of(by) == 1
        assert not Offer.objects.filter(agent=by.agent_id, ended_at=None).exists()


def test_who_calls_a_person_while_taking_calls_makes_one_call():
    for number in range(ROUNDS):
        by = there()
        ticket = a_ticket(speaker=Speaker(points=(Point(kind="phone", value=f"+336399801{number:02d}"),)))
        routing.take(ticket.work_items.get().pk, by)
        offered, chosen = callers(10 * number, 2)
        offer = offers.make(offered.pk, by.agent_id or 0)
        assert offer is not None

        together(
            quietly(lambda pk=offer.pk, by=by: routing.accept(pk, by)),
            quietly(lambda pk=chosen.pk, by=by: routing.take(pk, by)),
            quietly(lambda by=by: routing.take_next(by)),
            quietly(lambda ticket=ticket, by=by: calling.call_now(ticket.reference, by)),
        )

        live = Assignment.objects.filter(agent=by.agent_id, ended_at=None, work_item__kind__in=("call", "callback"))
        assert live.count() == 1
        WorkItem.objects.waiting().update(state="done", done_at="2026-01-01T00:00Z")
