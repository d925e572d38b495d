"""Whoever changes a ticket's work locks the ticket first: two at once wait in a line, never in a circle."""

import pytest

from contactcenter.desk import services as desk
from contactcenter.desk import work
from contactcenter.intake.services import amend
from contactcenter.outbox import services as outbox
from contactcenter.outbox.models import Delivery
from contactcenter.routing import services as routing
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.sweeps import sweep_leases
from contactcenter.tickets.models import Interaction
from tests.factories import a_ticket, an_agent
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 12


def quietly(act):
    """An act that may be refused by a rule, but never by a deadlock."""

    def done() -> str:
        from contactcenter.errors import DomainError

        try:
            act()
        except DomainError:
            return "refused"
        return "done"

    return done


def test_taking_and_answering_at_once():
    for _ in range(ROUNDS):
        ticket, by = a_ticket(), an_agent()
        item = ticket.work_items.get()

        together(
            quietly(lambda item=item, by=by: routing.take(item.pk, by)),
            quietly(lambda ticket=ticket, by=by: desk.reply(ticket.reference, "Oui.", by)),
            quietly(lambda item=item: routing.withdraw(item.pk, actor="system", outcome="x")),
        )


def test_posting_a_letter_while_the_provider_reports_it():
    for _ in range(ROUNDS):
        ticket, by = a_ticket(), an_agent()
        delivery = desk.reply(ticket.reference, "Oui.", by)
        Delivery.objects.filter(pk=delivery.pk).update(state="sending")
        item = routing.open_work_item(ticket, "callback", actor="system", delivery_id=delivery.pk)

        together(
            quietly(lambda item=item, by=by: work.done(item.pk, by)),
            quietly(lambda delivery=delivery: outbox.report(delivery.pk, "sent")),
            quietly(lambda delivery=delivery: outbox.report(delivery.pk, "failed")),
        )


def test_learning_more_while_an_agent_answers():
    for number in range(ROUNDS):
        ticket, by = a_ticket(external_id=f"learned-{number}"), an_agent()
        item = ticket.work_items.get()
        said = Interaction.objects.get(ticket=ticket, direction="in")

        together(
            quietly(
                lambda said=said: amend(channel="email", external_id=said.external_id or "", needs="message", text="x")
            ),
            quietly(lambda ticket=ticket, by=by: desk.reply(ticket.reference, "Oui.", by)),
            quietly(lambda item=item, by=by: routing.take(item.pk, by)),
        )


def test_a_lease_that_was_renewed_or_changed_hands_is_not_ended():
    item = a_ticket().work_items.get()
    first, second = an_agent(), an_agent()
    routing.take(item.pk, first)
    stale = list(Assignment.objects.values_list("pk", "work_item"))
    routing.release(item.pk, first)
    routing.take(item.pk, second)

    from contactcenter.routing.sweeps import _lease_over

    assert not any(_lease_over(*pair) for pair in stale)
    assert sweep_leases() == 0
    assert Assignment.objects.get(ended_at=None).agent_id == second.agent_id
    assert WorkItem.objects.get().state == "assigned"
