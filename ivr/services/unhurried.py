"""Who gets three times the time for each answer: a person who needs it, or whoever calls from a relay's number."""

from django.db import connection

from contactcenter import rows
from contactcenter.crypto import blind_index, blind_indexes
from contactcenter.people import services as people
from contactcenter.tickets.models import Ticket
from ivr.models import Call, SlowNumber

# Written out: every call asks it in its first second (see `contactcenter/rows.py`).
_UNHURRIED = """
    SELECT 1 FROM people_person WHERE id = %s AND unhurried
    UNION ALL SELECT 1 FROM ivr_slownumber WHERE number_index IN ({})
    LIMIT 1
"""


def learn(call: Call, *, asked: bool) -> None:
    """Give more time to whoever asks for it, from then on whenever they call."""
    if call.slow or not asked:
        return
    _remember_time(call)
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
    if not number and ticket.person_id is None:
        return False
    indexes = blind_indexes(number)
    with connection.cursor() as cursor:
        cursor.execute(_UNHURRIED.format(", ".join(["%s"] * len(indexes))), [ticket.person_id, *indexes])
        return cursor.fetchone() is not None
