"""What a delivery needs from the ticket to be carried."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contactcenter.channel import File
from contactcenter.crypto import blind_indexes
from contactcenter.outbox.models import Delivery, Means
from contactcenter.outbox.texting import Sender, sender_for
from contactcenter.people.points import spoken
from contactcenter.tickets.models import Interaction
from contactcenter.tickets.reference import spaced
from contactcenter.vault import Kept

# Written out: it is asked for everything that reaches us (see `contactcenter/rows.py`).
_RECEIPTS_TO = """
    SELECT COUNT(*) FROM outbox_delivery
    WHERE to_index IN ({}) AND to_index <> '' AND created_at > %s AND purpose = 'receipt'
"""
# Written out beside it: which requests a text from this number may go on with.
_TEXTED = """
    SELECT id FROM tickets_ticket WHERE office_id = %s AND state <> 'solved' AND merged_into_id IS NULL AND id IN (
        SELECT ticket_id FROM outbox_delivery WHERE to_index IN ({0}) AND means = 'sms' AND created_at > %s
        UNION SELECT own.id FROM people_contactpoint point JOIN tickets_ticket own ON own.answer_to_id = point.id
        WHERE point.kind = 'phone' AND point.value_index IN ({0}) AND own.channel = 'phone' AND own.opened_at > %s
    ) AND NOT EXISTS (SELECT 1 FROM people_contactpoint WHERE kind = 'phone' AND value_index IN ({0}) AND shared)
    LIMIT 2
"""
TEXTED_WITHIN = timedelta(days=30)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")


def answered_message_id(delivery: Delivery) -> str:
    """The Message-ID of the person's last mail on the ticket, for an e-mail to answer; else ""."""
    if delivery.means != Means.EMAIL:
        return ""
    mails = Interaction.objects.filter(ticket=delivery.ticket_id, direction="in", channel="email")
    last = mails.order_by("-occurred_at", "-id").values_list("external_id", flat=True).first()
    found = _MESSAGE_ID.search(last or "")
    return found.group() if found else ""


def texted(number: str, office_id: int) -> int | None:
    """The one open request of this number, by telephone or answered by text, of the last month; None where unsure."""
    indexes = blind_indexes(number)
    since = connection.ops.adapt_datetimefield_value(timezone.now() - TEXTED_WITHIN)
    with connection.cursor() as cursor:
        sql = _TEXTED.format(", ".join(["%s"] * len(indexes)))
        cursor.execute(sql, [office_id, *indexes, since, *indexes, since, *indexes])
        found = cursor.fetchall()
    return found[0][0] if len(found) == 1 else None


def text_message(delivery: Delivery) -> tuple[Sender, str]:
    """From whom a text goes and what it says; where nobody can answer it by text, it says whom to call."""
    office = delivery.ticket.office
    sender = sender_for(delivery.to, office.phone, settings.CC_SMS_SENDERS)
    if sender.answers or not office.phone:
        return sender, delivery.text
    with translation.override(delivery.language or settings.LANGUAGE_CODE):
        facts = {"phone": spoken(office.phone), "number": spaced(delivery.ticket.reference)}
        how = _("This text cannot be answered: call %(phone)s about number %(number)s.") % facts
    return sender, f"{delivery.text}\n{how}"


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
