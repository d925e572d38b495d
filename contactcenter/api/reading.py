"""Read what the API shows, in a number of queries that does not depend on how much there is."""

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.api import cursors
from contactcenter.desk.tagging import cleaned
from contactcenter.errors import NotFoundError
from contactcenter.outbox.models import Delivery
from contactcenter.receipts.models import Receipt
from contactcenter.routing.models import WorkItem
from contactcenter.search.among import newest_with
from contactcenter.tickets import reference as references
from contactcenter.tickets.listing import NEWEST_FIRST, after, place_of, with_facts, with_tag
from contactcenter.tickets.models import Attachment, Interaction, Note, Ticket, TicketEvent
from contactcenter.tickets.selectors import listed, visible

LIST = "tickets"


def ticket_page(by: Principal, wanted: Q, *, q: str, limit: int, cursor: str | None) -> tuple[list[Ticket], str | None]:
    """Some tickets, the newest first, and the cursor of the next ones; what comes meanwhile moves nothing.

    `q` is a reference, an address or number of the person, or words.
    """
    rows = listed(by).filter(wanted)
    if cursor:
        rows = after(rows, cursors.opened(LIST, cursor))
    if q.strip():
        rows = Ticket.objects.filter(pk__in=newest_with(rows, q, offices=by.offices, most=limit + 1))
    shown = rows.select_related("office", "person", "procedure__procedure").prefetch_related("person__contact_points")
    found = list(shown.order_by(*NEWEST_FIRST)[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], cursors.seal(LIST, place_of(found[limit - 1]))


def wanted_tickets(*, channel: str = "", state: str = "", procedure: str = "", tag: str = "") -> Q:
    """The filters of the list."""
    wanted = with_facts(channel=channel, state=state, procedure=procedure)
    return wanted & with_tag(cleaned(tag)) if tag else wanted


def whole_ticket(by: Principal, reference: str) -> Ticket:
    """A ticket with everything on it; NotFoundError where it is not there to see."""
    rows = visible(by).select_related("office", "person", "procedure__procedure")
    whole = rows.prefetch_related("person__contact_points", *_parts())
    ticket = whole.filter(reference=reference).first() if references.is_valid(reference) else None
    if ticket is not None and ticket.merged_into_id is not None:  # a merged reference answers with where it went
        ticket = whole.filter(pk=ticket.merged_into_id).first()
    if ticket is None:
        raise NotFoundError(_("There is no request %(reference)s that you can see.") % {"reference": reference})
    return ticket


def _parts() -> "list[Prefetch[str]]":
    """What lies on a ticket, each in the order in which it came."""
    said = Interaction.objects.order_by("occurred_at", "pk").prefetch_related(
        Prefetch("attachments", queryset=Attachment.objects.order_by("pk"))
    )
    return [
        Prefetch("interactions", queryset=said),
        Prefetch("notes", queryset=Note.objects.order_by("at", "pk")),
        Prefetch("receipts", queryset=Receipt.objects.order_by("issued_at", "pk")),
        Prefetch("deliveries", queryset=Delivery.objects.order_by("pk")),
        Prefetch("work_items", queryset=WorkItem.objects.select_related("lane__queue__office").order_by("pk")),
        Prefetch("events", queryset=TicketEvent.objects.order_by("pk")),
    ]
