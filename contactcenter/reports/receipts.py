"""Watch that every request has its receipt."""

from django.utils.translation import gettext as _

from contactcenter.receipts.models import Receipt
from contactcenter.reports.alarms import settle
from contactcenter.tickets.models import TicketEvent


def sweep_receipts() -> tuple[int, int]:
    """Open an alarm per office for receipts that could not be issued because something was missing from them."""
    events = (
        TicketEvent.objects.filter(kind="receipt.incomplete").select_related("ticket__office").order_by("-id")[:500]
    )
    issued = set(
        Receipt.objects.filter(ticket__in=[event.ticket_id for event in events]).values_list("ticket", flat=True)
    )
    wrong: dict[str, str] = {}
    for event in events:
        if event.ticket_id not in issued:
            missing = ", ".join(event.data.get("missing", []))
            sentence = _("%(office)s gives no receipts: add %(missing)s to the office in the administration.")
            wrong[event.ticket.office.slug] = sentence % {"office": event.ticket.office, "missing": missing}
    return settle("receipt_incomplete", wrong)
