"""The one door out: what we say is written with its cause, carried after commit, and never lost in silence."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contactcenter import channel, jobs, rows
from contactcenter.channel import DeliveryError, Outbound, Preview, Sent
from contactcenter.crypto import blind_index
from contactcenter.outbox.means import Choice
from contactcenter.outbox.models import NEXT, Delivery, DeliveryState, Means
from contactcenter.outbox.reading import answered_message_id, outbound_files
from contactcenter.routing import calls
from contactcenter.routing.holding import lock_tickets
from contactcenter.routing.models import Kind, WorkItem, WorkState
from contactcenter.routing.services import open_work_item
from contactcenter.tickets.events import record, record_all
from contactcenter.tickets.models import Interaction, Ticket, TicketEvent

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(minutes=5)
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
LOST = frozenset({DeliveryState.FAILED, DeliveryState.BOUNCED})


@transaction.atomic(savepoint=False)
def post(
    ticket: Ticket,
    choice: Choice,
    *,
    purpose: str,
    subject: str,
    text: str,
    language: str,
    actor: str,
    interaction: Interaction | None = None,
    receipt_id: int | None = None,
    event: bool = True,
) -> Delivery:
    """Say something to a ticket's person. `event=False` leaves the event to a caller who writes several at once."""
    now = timezone.now()
    delivery = written(ticket, choice, purpose=purpose, subject=subject, text=text, language=language)
    delivery.interaction, delivery.receipt_id = interaction, receipt_id
    delivery.to_index = blind_index(choice.to) if choice.to else ""
    delivery.created_at = delivery.due_at = now
    if choice.means == Means.PAGE:  # it is there to be read as soon as this commits
        delivery.state, delivery.sent_at = DeliveryState.DELIVERED, now
    elif choice.means == Means.CALLBACK:  # an agent says it; `report` ends it
        delivery.state = DeliveryState.SENDING
    rows.add(delivery)
    if event:
        record_all([posted_event(delivery, actor)])
    if choice.means == Means.CALLBACK:
        open_work_item(ticket, Kind.CALLBACK, actor=actor, interaction=interaction, delivery_id=delivery.pk)
    elif choice.means != Means.PAGE:
        jobs.ring(deliver_due)
    return delivery


def written(ticket: Ticket, choice: Choice, *, purpose: str, subject: str, text: str, language: str) -> Delivery:
    """A delivery as it would be posted; nothing is kept of it yet."""
    return Delivery(
        ticket=ticket,
        purpose=purpose,
        means=choice.means,
        channel=choice.channel,
        to=choice.to,
        subject=subject[:300],
        text=text,
        language=language,
        external_id=_message_id(ticket) if choice.means == Means.EMAIL else "",
    )


def preview(delivery: Delivery) -> Preview:
    """How the person will get it, as its channel shows it; the text alone where an agent or a page says it."""
    plug = channel.get(delivery.channel) if delivery.channel in channel.names() else None
    shown = getattr(plug, "preview", None)
    return shown(outbound_of(delivery)) if shown else Preview(text=delivery.text)


def posted_event(delivery: Delivery, actor: str) -> TicketEvent:
    """The line that says that something was posted."""
    facts = {"delivery": delivery.pk, "purpose": delivery.purpose, "means": delivery.means}
    return TicketEvent(ticket_id=delivery.ticket_id, kind="delivery.posted", actor=actor, data=facts)


def deliver_due() -> int:
    """Job: carry what is due, in batches; returns how many were tried. Run twice at once, each goes out once."""
    tried = 0
    while tried < 20 * BATCH:
        carried = sum(_carried(delivery_id) for delivery_id in _due_ids())
        tried += carried
        if not carried:
            return tried
    jobs.ring(deliver_due)  # let other work in between
    return tried


@transaction.atomic
def report(delivery_id: int, state: str, *, external_id: str = "", error: str = "", actor: str = "system") -> Delivery:
    """Say what became of a delivery. A step its life does not have (a late or double report) changes nothing.

    But that the provider knows it by a name is worth keeping whenever we learn it: texts are told apart by it.
    """
    tickets = Delivery.objects.filter(pk=delivery_id).values_list("ticket_id", "ticket__merged_into_id").first() or ()
    lock_tickets(ticket_id for ticket_id in tickets if ticket_id)
    delivery = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery_id)
    to = DeliveryState(state)
    if to not in NEXT[DeliveryState(delivery.state)]:
        if external_id and not delivery.external_id:
            delivery.external_id = external_id[:200]
            delivery.save(update_fields=["external_id"])
        return delivery
    delivery.state = to
    delivery.external_id = external_id[:200] or delivery.external_id
    delivery.error = error[:300]
    if to in (DeliveryState.SENT, DeliveryState.DELIVERED):
        delivery.sent_at = delivery.sent_at or timezone.now()
    delivery.save(update_fields=["state", "external_id", "error", "sent_at"])
    record(delivery.ticket, f"delivery.{to}", actor=actor, delivery=delivery.pk, means=delivery.means)
    if to in (DeliveryState.SENT, DeliveryState.DELIVERED) or to in LOST:
        _end_carrying(delivery, to)
    if to in LOST:
        open_work_item(
            delivery.ticket.merged_into or delivery.ticket, Kind.UNDELIVERED, actor=actor, delivery_id=delivery.pk
        )
    return delivery


def _end_carrying(delivery: Delivery, to: DeliveryState) -> None:
    """The letter to post or the callback of this delivery is no longer to be done."""
    kinds = (Kind.LETTER_TO_POST, Kind.CALLBACK)
    carrying = WorkItem.objects.filter(delivery_id=delivery.pk, kind__in=kinds).exclude(state=WorkState.DONE)
    for work_item_id in carrying.values_list("pk", flat=True):
        calls.over(work_item_id, outcome=str(to))


def _due_ids() -> list[int]:
    due = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=timezone.now())
    return list(due.order_by("due_at").values_list("pk", flat=True)[:BATCH])


def _carried(delivery_id: int) -> bool:
    """Claimed one by one: a worker that is killed leaves one claim to run out, not a whole batch of them."""
    if not _claim(delivery_id):
        return False
    _carry(delivery_id)
    return True


def _claim(delivery_id: int) -> bool:
    """One UPDATE decides who carries it, on every database alike."""
    now = timezone.now()
    due = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.PENDING, due_at__lte=now)
    return bool(due.update(attempts=F("attempts") + 1, due_at=now + LEASE))


def _carry(delivery_id: int) -> None:
    delivery = Delivery.objects.select_related("ticket").get(pk=delivery_id)
    try:
        sent = channel.get(delivery.channel).send(outbound_of(delivery))
    except DeliveryError as error:
        _put_off(delivery, str(error), permanent=error.permanent)
    except Exception as error:  # a channel's own mistake must not stop the others' letters
        log.exception("outbox.channel_failed", extra={"delivery": delivery_id})
        _put_off(delivery, type(error).__name__, permanent=False)
    else:
        _mark(delivery, sent)


def _mark(delivery: Delivery, sent: Sent) -> None:
    report(delivery.pk, sent.state, external_id=sent.external_id)


def _put_off(delivery: Delivery, error: str, *, permanent: bool) -> None:
    if permanent or delivery.attempts > len(BACK_OFF):
        report(delivery.pk, DeliveryState.FAILED, error=error)
        return
    again: datetime = timezone.now() + BACK_OFF[delivery.attempts - 1]
    Delivery.objects.filter(pk=delivery.pk).update(due_at=again, error=error[:300])


def outbound_of(delivery: Delivery) -> Outbound:
    """The delivery as its channel is handed it; 0 stands for one that is not kept yet."""
    return Outbound(
        delivery_id=delivery.pk or 0,
        ticket_id=delivery.ticket_id,
        purpose=delivery.purpose,
        means=delivery.means,
        to=delivery.to,
        subject=delivery.subject,
        text=delivery.text,
        language=delivery.language,
        reference=delivery.ticket.reference,
        message_id=delivery.external_id,
        in_reply_to=answered_message_id(delivery),
        files=outbound_files(delivery),
        receipt_id=delivery.receipt_id,
    )


def _message_id(ticket: Ticket) -> str:
    """Unguessable, so that an answer to it proves that its writer was written to."""
    domain = ticket.office.email.rpartition("@")[2] or "localhost"
    return f"<{secrets.token_hex(16)}@{domain}>"
