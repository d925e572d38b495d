"""Which ticket an inbound belongs to. Only a token of ours ties a mail to a ticket: neither subject nor sender does."""

from contactcenter.channel import Inbound
from contactcenter.outbox.models import Delivery


def ticket_of(inbound: Inbound) -> int | None:
    """The ticket it answers, or None for a new one.

    The Message-IDs we send hold 128 random bits, so that naming one proves having received it.
    """
    if inbound.ticket_id is not None:
        return inbound.ticket_id
    if not inbound.replies_to:
        return None
    ours = Delivery.objects.filter(external_id__in=inbound.replies_to[:50]).exclude(external_id="")
    return ours.order_by("-id").values_list("ticket", flat=True).first()
