"""The life of a ticket is a table, and the database agrees with it."""

import pytest
from django.db import IntegrityError, transaction

from contactcenter.tickets import states
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.states import State, WrongStateError
from tests.factories import a_ticket


def test_every_state_has_a_way_on():
    assert set(states.NEXT) == set(State)
    assert all(states.NEXT[state] for state in State)


def test_a_step_that_life_does_not_have_is_refused_with_a_sentence():
    with pytest.raises(WrongStateError, match="cannot become"):
        states.check(State.SOLVED, State.WAITING)


@pytest.mark.django_db
def test_the_database_refuses_a_solved_ticket_without_its_time():
    ticket = a_ticket()

    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state="solved")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state="closed")
