"""Give the person a dated receipt for what they said, by a means they can use."""

from contactcenter.channel import Point
from contactcenter.outbox.means import Choice, choices
from contactcenter.outbox.models import Means, Purpose
from contactcenter.outbox.reading import receipts_today
from contactcenter.outbox.services import post, posted_event
from contactcenter.receipts.completeness import IncompleteReceiptError
from contactcenter.receipts.rendering import text
from contactcenter.receipts.services import issue
from contactcenter.tickets.models import Interaction, Ticket, TicketEvent

ACTOR = "system"
MOST_A_DAY = 20  # receipts to one address: a form or a forged sender must not flood a stranger's mailbox


def acknowledge(ticket: Ticket, interaction: Interaction) -> list[TicketEvent]:
    """Issue and post the receipt of an interaction; returns the events, which the caller records.

    A receipt that would lack what the law wants on it is not issued: the event `receipt.incomplete` names what is
    missing and a sweep alarms the supervisor. The request itself is never refused for it.
    """
    choice = _choice(ticket, interaction)
    try:
        receipt = issue(ticket, interaction, choice.channel)
    except IncompleteReceiptError as error:
        facts = {"interaction": interaction.pk, "missing": list(error.missing)}
        return [TicketEvent(ticket=ticket, kind="receipt.incomplete", actor=ACTOR, data=facts)]
    subject, body = text(receipt, choice.means)
    delivery = post(
        ticket,
        choice,
        purpose=Purpose.RECEIPT,
        subject=subject,
        text=body,
        language=receipt.language,
        actor=ACTOR,
        interaction=interaction,
        receipt_id=receipt.pk,
        event=False,
    )
    facts = {"receipt": receipt.pk, "interaction": interaction.pk}
    issued = TicketEvent(ticket=ticket, kind="receipt.issued", actor=ACTOR, data=facts)
    return [issued, posted_event(delivery, ACTOR)]


def _choice(ticket: Ticket, interaction: Interaction) -> Choice:
    """The person's own way; nobody is called back only to be told a number."""
    ways = [way for way in choices(interaction.channel, _points(ticket, interaction)) if way.means != Means.CALLBACK]
    first = ways[0]
    flooded = first.means in (Means.EMAIL, Means.SMS) and receipts_today(first.to) >= MOST_A_DAY
    return ways[-1] if flooded else first  # the last is the follow page, where it can always be read


def _points(ticket: Ticket, interaction: Interaction) -> list[Point]:
    first = [Point(kind=ticket.answer_to.kind, value=ticket.answer_to.value)] if ticket.answer_to else []
    if interaction.channel in ("email", "phone") and first:
        return first
    known = ticket.person.contact_points.all() if ticket.person else ()
    rows = sorted((row for row in known if not row.former_at), key=lambda row: row.pk)
    return first + [Point(kind=row.kind, value=row.value) for row in rows if row.pk != ticket.answer_to_id]
