"""Many who guess a code at the same moment get no more tries than one after another."""

import pytest

from ivr.services import keypad
from tests.factories import a_ticket, an_office
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_guesses_at_once_are_looked_at_no_more_than_five_times() -> None:
    office, ticket = an_office(), a_ticket()

    def guess(number: int) -> str:
        try:
            return str(keypad.proved(ticket.reference, f"{number:06}x", f"+3363998000{number}", office))
        except keypad.TooManyError:
            return "closed"

    answers = together(*[lambda number=number: guess(number) for number in range(10)])

    assert answers.count("None") <= keypad.PER_REFERENCE
