"""What the telephone's keys may ask without a person: where a request stands, and whether a receipt is genuine."""

import hmac
from datetime import datetime

from django.utils import timezone

from contactcenter.crypto import blind_index, blind_indexes
from contactcenter.offices.models import Office
from contactcenter.receipts.models import Receipt
from contactcenter.receipts.selectors import by_code
from contactcenter.tickets.models import Ticket
from ivr.models import WrongCode

PER_REFERENCE, PER_NUMBER = 5, 20
# All of those who hide their number are counted together, and are many: one of them must not close it for the others.
WITHHELD, ALL_WITHHELD = "withheld", 200


class TooManyError(Exception):
    """There were too many wrong codes today, for this reference or from this number."""


def proved(reference: str, code: str, number: str, office: Office) -> Ticket | None:
    """The ticket whose code this is, None for a wrong one; the same for a reference that does not exist.

    A try is counted before it is looked at, so that many at once are no more than one after another.
    """
    tried = count_wrong(reference, number)
    if _most_today(reference, number, office, more=1):
        tried.delete()
        raise TooManyError
    ticket = Ticket.objects.filter(reference=reference).select_related("merged_into", "person").first()
    right = hmac.compare_digest((ticket.follow_code if ticket else "------").encode(), code.encode())
    if not (ticket and right):
        return None
    tried.delete()
    return _where_it_goes_on(ticket)


def is_closed(reference: str, number: str, office: Office) -> bool:
    """Whether there were too many wrong codes today; the keypad opens again at midnight."""
    return _most_today(reference, number, office, more=0)


def count_wrong(reference: str, number: str) -> WrongCode:
    """Write down one wrong guess, of a code or of a reference."""
    return WrongCode.objects.create(
        reference_index=blind_index(reference), number_index=blind_index(number or WITHHELD)
    )


def _most_today(reference: str, number: str, office: Office, *, more: int) -> bool:
    today = WrongCode.objects.filter(at__gte=_midnight(office))
    of_it = today.filter(reference_index__in=blind_indexes(reference))
    from_it = today.filter(number_index__in=blind_indexes(number or WITHHELD))
    most = PER_NUMBER if number else ALL_WITHHELD
    return of_it.count() >= PER_REFERENCE + more or from_it.count() >= most + more


def _where_it_goes_on(ticket: Ticket) -> Ticket:
    """The ticket it was merged into, where that one is the same person's; a code never opens somebody else's story."""
    into = ticket.merged_into
    return into if into and into.person_id == ticket.person_id is not None else ticket


def state_of(ticket: Ticket) -> str:
    """The prompt that says where a ticket stands: its state and no more, neither what it is about nor whose it is."""
    if ticket.state == "waiting" and ticket.interactions.filter(direction="out").exclude(text="").exists():
        return "state_answered"
    return f"state_{ticket.state}"


def receipt(code: str) -> Receipt | None:
    """The receipt with this code, if we issued it."""
    return by_code(code)


def _midnight(office: Office) -> datetime:
    local = timezone.now().astimezone(office.zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
