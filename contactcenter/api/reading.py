"""Read what the API shows, in a number of queries that does not depend on how much there is."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.api import cursors
from contactcenter.channel import Point
from contactcenter.crypto import blind_indexes
from contactcenter.desk.tagging import cleaned
from contactcenter.errors import NotFoundError
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import ContactPoint
from contactcenter.people.points import normalised
from contactcenter.receipts.models import Receipt
from contactcenter.routing.models import WorkItem
from contactcenter.tickets import reference as references
from contactcenter.tickets.models import Attachment, Interaction, Note, Ticket, TicketEvent, TicketQuerySet, TicketTag
from contactcenter.tickets.selectors import visible

LIST = "tickets"


def ticket_page(by: Principal, wanted: Q, *, limit: int, cursor: str | None) -> tuple[list[Ticket], str | None]:
    """Some tickets, the newest first, and the cursor of the next ones; what comes meanwhile moves nothing."""
    rows = visible(by).filter(wanted).select_related("office", "person", "procedure__procedure")
    if cursor:
        rows = _after(rows, cursors.opened(LIST, cursor))
    ordered = rows.order_by("-opened_at", "-id").prefetch_related("person__contact_points")
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], cursors.seal(LIST, f"{last.opened_at.isoformat()} {last.pk}")


def _after(rows: TicketQuerySet, place: str) -> TicketQuerySet:
    instant, _space, number = place.rpartition(" ")
    at = datetime.fromisoformat(instant)
    return rows.filter(Q(opened_at__lt=at) | Q(pk__lt=int(number)), opened_at__lte=at)


def wanted_tickets(*, channel: str = "", state: str = "", procedure: str = "", q: str = "", tag: str = "") -> Q:
    """The filters of the list. `q` is a reference, an address or number of the person, or words of subject and text."""
    wanted = Q()
    if channel:
        wanted &= Q(channel=channel)
    if state:
        wanted &= Q(state=state)
    if procedure:
        wanted &= Q(procedure__procedure__code=procedure)
    if tag:
        wanted &= Q(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"), tag__name=cleaned(tag))))
    words = " ".join(q.split())
    return wanted & _said(words) if words else wanted


def _said(words: str) -> Q:
    if references.is_valid(references.cleaned(words)) and not words.strip("0123456789 .-"):
        return Q(reference=references.cleaned(words))
    points = [point for kind in ("email", "phone") if (point := normalised(Point(kind=kind, value=words)))]
    if points:
        indexes = [index for point in points for index in blind_indexes(point.value)]
        return Q(person__in=ContactPoint.objects.filter(value_index__in=indexes).values("person")) | _contains(words)
    return _contains(words)


def _contains(words: str) -> Q:
    said = Interaction.objects.filter(ticket=OuterRef("pk"), text__icontains=words)
    return Q(subject__icontains=words) | Q(Exists(said))


def whole_ticket(by: Principal, reference: str) -> Ticket:
    """A ticket with everything on it; NotFoundError where it is not there to see."""
    rows = visible(by).select_related("office", "person", "procedure__procedure")
    whole = rows.prefetch_related("person__contact_points", *_parts())
    ticket = whole.filter(reference=reference).first() if references.is_valid(reference) else None
    while ticket is not None and ticket.merged_into_id is not None:  # a merged reference answers with where it went
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
