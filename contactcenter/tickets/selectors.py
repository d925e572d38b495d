"""Read tickets with the reader's rights."""

from datetime import date, datetime

from django.db.models import Q

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotFoundError
from contactcenter.tickets.models import Ticket, TicketQuerySet
from contactcenter.tickets.reference import is_valid
from contactcenter.tickets.states import EMPTIED, MERGED


def visible(by: Principal) -> TicketQuerySet:
    """The tickets this one may see."""
    return Ticket.objects.visible_to(by)


def listed(by: Principal) -> TicketQuerySet:
    """Those of them that are found among others; what a split had made and an undo emptied is no request any more."""
    return visible(by).exclude(disposition=EMPTIED)


def by_reference(by: Principal, reference: str) -> Ticket:
    """The ticket with this reference, or the one it was merged into.

    NotFoundError where there is none or it is not theirs to see.
    """
    rows = visible(by).select_related("office", "person", "answer_to", "procedure")
    ticket = rows.filter(reference=reference).first() if is_valid(reference) else None
    if ticket is not None and ticket.merged_into_id is not None:
        ticket = rows.filter(pk=ticket.merged_into_id).first()
    if ticket is None:
        raise NotFoundError(f"There is no request {reference} that you can see.")
    return ticket


def whole(ticket: Ticket) -> TicketQuerySet:
    """The ticket and every one that was put into it: what hangs on any of them belongs to the matter."""
    return Ticket.objects.filter(Q(pk=ticket.pk) | Q(merged_into=ticket))


def running_on(ticket: Ticket) -> TicketQuerySet:
    """Those that were put into it while they ran: their dates run on with it. Of one that was solved none does."""
    return Ticket.objects.filter(merged_into=ticket, disposition__in=(MERGED, EMPTIED))


def nearest_dates(ticket: Ticket) -> tuple[datetime, date | None]:
    """When an answer is promised and when silence decides: the ticket's own, or sooner by what was put into it."""
    others = running_on(ticket).values_list("due_at", "silence_on")
    promised, decides = zip((ticket.due_at, ticket.silence_on), *others, strict=True)
    return min(promised), min((day for day in decides if day), default=None)
