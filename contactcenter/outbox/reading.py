"""What a delivery needs from the ticket to be carried."""

import re

from contactcenter.channel import File
from contactcenter.outbox.models import Delivery, Means
from contactcenter.tickets.models import Interaction
from contactcenter.vault import Kept

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def answered_message_id(delivery: Delivery) -> str:
    """The Message-ID of the person's last mail on the ticket, for an e-mail to answer; else ""."""
    if delivery.means != Means.EMAIL:
        return ""
    mails = Interaction.objects.filter(ticket=delivery.ticket_id, direction="in", channel="email")
    last = mails.order_by("-occurred_at", "-id").values_list("external_id", flat=True).first()
    found = _MESSAGE_ID.search(last or "")
    return found.group() if found else ""


def outbound_files(delivery: Delivery) -> tuple[File, ...]:
    """The files that go with it."""
    if delivery.interaction_id is None or delivery.purpose == "receipt":
        return ()
    rows = delivery.interaction.attachments.all() if delivery.interaction else ()
    return tuple(
        File(name=row.name, content_type=row.content_type, kept=Kept(sha256=row.sha256, size=row.size)) for row in rows
    )
