"""Who gets three times the time for each answer: a person who needs it, or whoever calls from a relay's number."""

from contactcenter import rows
from contactcenter.crypto import blind_index, blind_indexes
from contactcenter.people import services as people
from contactcenter.people.models import Person
from contactcenter.tickets.models import Ticket
from ivr.models import Call, SlowNumber


def learn(call: Call, *, asked: bool, known: bool) -> None:
    """Give more time to whoever asks for it, from then on whenever they call, and to a relay's callers."""
    if call.slow or not (asked or known):
        return
    if asked:
        _remember_time(call)
    elif not is_unhurried(call.number, call.ticket):
        return
    call.slow = True
    rows.change(call, "slow")


def _remember_time(call: Call) -> None:
    """For the person, whom an agent can ask again; for the number where nobody is known."""
    if call.ticket.person_id:
        people.give_time(call.ticket.person_id)
    elif call.number:
        SlowNumber.objects.get_or_create(number_index=blind_index(call.number))


def is_unhurried(number: str, ticket: Ticket) -> bool:
    """Whether this number, or the person whom a ticket concerns, gets more time for each answer."""
    if ticket.person_id and rows.number_of(Person, id=ticket.person_id, unhurried=True):
        return True
    return bool(number) and any(rows.number_of(SlowNumber, number_index=index) for index in blind_indexes(number))
