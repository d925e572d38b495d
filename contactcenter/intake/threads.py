"""Which ticket an inbound belongs to. Only a token of ours ties a mail to a ticket: neither subject nor sender does."""

from contactcenter.channel import Inbound
from contactcenter.outbox.models import Delivery
from contactcenter.tickets.models import Ticket


def ticket_of(inbound: Inbound) -> int | None:
    """The ticket it answers, or None for a new one.

    The Message-IDs we send hold 128 random bits, so that naming one proves having received it.
    """
    ticket_id = inbound.ticket_id if inbound.ticket_id is not None else _answered(inbound)
    if ticket_id is None:
        return None
    into = Ticket.objects.filter(pk=ticket_id).values_list("merged_into", flat=True).first()
    return into or ticket_id  # one that was merged goes on where it went


def _answered(inbound: Inbound) -> int | None:
    if not inbound.replies_to:
        return None
    ours = Delivery.objects.filter(external_id__in=inbound.replies_to[:50]).exclude(external_id="")
    return ours.order_by("-id").values_list("ticket", flat=True).first()
