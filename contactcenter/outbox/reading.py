"""What a delivery needs from the ticket to be carried."""

import re
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from contactcenter.channel import File
from contactcenter.crypto import blind_indexes
from contactcenter.outbox.models import Delivery, Means
from contactcenter.tickets.models import Interaction
from contactcenter.vault import Kept

# Written out: it is asked for everything that reaches us (see `contactcenter/rows.py`).
_RECEIPTS_TO = """
    SELECT COUNT(*) FROM outbox_delivery
    WHERE to_index IN ({}) AND to_index <> '' AND created_at > %s AND purpose = 'receipt'
"""
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


def receipts_today(to: str) -> int:
    """How many receipts were sent to this address or number within a day."""
    indexes = blind_indexes(to)
    with connection.cursor() as cursor:
        since = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(days=1))
        cursor.execute(_RECEIPTS_TO.format(", ".join(["%s"] * len(indexes))), [*indexes, since])
        return int(cursor.fetchone()[0])
