"""Rows into answers. Asks the database nothing: what it reads was fetched before (see `reading.py`)."""

from collections.abc import Mapping
from datetime import datetime

from contactcenter.api.answers import (
    AttachmentOut,
    DeliveryOut,
    EventOut,
    HitOut,
    IncidentOut,
    InteractionOut,
    NoteOut,
    OfferOut,
    PersonOut,
    PresenceOut,
    PreviewOut,
    ProcedureOut,
    ReceiptOut,
    ReceiptRef,
    TakenOut,
    TicketOut,
    TicketStory,
    UndoOut,
    WorkItemOut,
)
from contactcenter.api.beside import Beside, assurance_out, link_out, piece_out, related_out
from contactcenter.desk.models import Incident
from contactcenter.desk.previewing import AnswerPreview
from contactcenter.outbox.models import Delivery
from contactcenter.people.models import Person
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.receipts.models import Receipt
from contactcenter.routing.models import Agent, Offer, WorkItem, WorkState
from contactcenter.routing.selectors import candidate, preferred, reason
from contactcenter.routing.services import Taken
from contactcenter.search.selectors import Hit
from contactcenter.tickets.models import Attachment, Interaction, Note, Ticket, TicketEvent, Undo

PREFIX = "/api/v1"


def ticket_out(ticket: Ticket) -> TicketOut:
    """A ticket as lists show it."""
    return {
        "reference": ticket.reference,
        "channel": ticket.channel,
        "procedure": ticket.procedure.procedure.code if ticket.procedure else None,
        "legal_nature": ticket.legal_nature,
        "state": ticket.state,
        "subject": ticket.subject,
        "language": ticket.language,
        "office": ticket.office.slug,
        "person": person_out(ticket.person) if ticket.person else None,
        "opened_at": ticket.opened_at.isoformat(),
        "due_at": ticket.due_at.isoformat(),
    }


def person_out(person: Person) -> PersonOut:
    """A person with every address and number that holds."""
    points = sorted((one for one in person.contact_points.all() if not one.former_at), key=lambda point: point.pk)
    return {"name": person.name, "contact_points": [{"kind": point.kind, "value": point.value} for point in points]}


def story_out(ticket: Ticket, now: datetime, around: Beside) -> TicketStory:
    """A ticket with everything on it."""
    return {
        **ticket_out(ticket),
        "interactions": [interaction_out(said, around.details.get(said.pk)) for said in ticket.interactions.all()],
        "notes": [note_out(note) for note in ticket.notes.all()],
        "receipts": [receipt_ref(receipt) for receipt in ticket.receipts.all()],
        "deliveries": [delivery_out(delivery) for delivery in ticket.deliveries.all()],
        "work_items": [work_item_out(item, now, ticket.reference) for item in ticket.work_items.all()],
        "events": [event_out(event) for event in ticket.events.all()],
        "related": [related_out(one) for one in around.related],
        "pieces": [piece_out(piece) for piece in around.pieces],
        "assurance": assurance_out(ticket, around.evidence),
        "links": [link_out(one) for one in around.links],
        "tags": around.tags,
    }


def interaction_out(said: Interaction, details: Mapping[str, object] | None) -> InteractionOut:
    """One thing said."""
    return {
        "id": said.pk,
        "direction": said.direction,
        "channel": said.channel,
        "occurred_at": said.occurred_at.isoformat(),
        "subject": said.subject,
        "text": said.text,
        "raw_sha256": said.raw_sha256,
        "attachments": [attachment_out(file) for file in said.attachments.all()],
        "details": details,
    }


def attachment_out(file: Attachment) -> AttachmentOut:
    """A file and where its bytes are."""
    return {
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "url": f"{PREFIX}/attachments/{file.pk}",
    }


def note_out(note: Note) -> NoteOut:
    """What an agent wrote for colleagues."""
    return {"at": note.at.isoformat(), "by": note.author, "kind": note.kind, "text": note.text}


def receipt_ref(receipt: Receipt) -> ReceiptRef:
    """A receipt and where its document is."""
    issued_at = receipt.issued_at.isoformat()
    return {"code": receipt.code, "issued_at": issued_at, "url": f"{PREFIX}/receipts/{receipt.code}/document"}


def receipt_out(receipt: Receipt) -> ReceiptOut:
    """A receipt with what it says."""
    return {
        **receipt_ref(receipt),
        "ticket": receipt.ticket.reference,
        "legal_nature": receipt.legal_nature,
        "language": receipt.language,
        "content": receipt.content,
    }


def delivery_out(delivery: Delivery) -> DeliveryOut:
    """One thing we say, and how far it has come."""
    return {
        "id": delivery.pk,
        "purpose": delivery.purpose,
        "means": delivery.means,
        "channel": delivery.channel,
        "to": delivery.to,
        "state": delivery.state,
    }


def preview_out(seen: AnswerPreview) -> PreviewOut:
    """An answer as it would go."""
    return {
        "means": seen.choice.means,
        "channel": seen.choice.channel,
        "to": seen.choice.to,
        "reason": seen.choice.reason,
        "subject": seen.subject,
        "text": seen.shown.text,
        "note": seen.shown.note,
        "segments": seen.shown.segments,
        "pages": len(seen.shown.pages),
    }


def work_item_out(item: WorkItem, now: datetime, reference: str, besides: str = "") -> WorkItemOut:
    """A work item with its score and why it stands there at this instant; done work at the instant it was done."""
    one = candidate(item, item.done_at or now)
    return {
        "id": item.pk,
        "kind": item.kind,
        "channel": item.channel,
        "ticket": reference,
        "enqueued_at": item.enqueued_at.isoformat(),
        "score": one.score,
        "reason": reason(item, one, besides),
        "state": item.state,
        "interpreter_needed": item.interpreter_needed,
    }


def waiting_out(item: WorkItem, score: float, why: str) -> WorkItemOut:
    """A waiting work item as the queue shows it."""
    return {
        "id": item.pk,
        "kind": item.kind,
        "channel": item.channel,
        "ticket": item.ticket.reference,
        "enqueued_at": item.enqueued_at.isoformat(),
        "score": score,
        "reason": why,
        "state": WorkState.WAITING.value,
        "interpreter_needed": item.interpreter_needed,
    }


def taken_out(taken: Taken, now: datetime) -> TakenOut:
    """What one has just taken."""
    reference = taken.work_item.ticket.reference
    also = [work_item_out(item, now, reference) for item in taken.also]
    return {**work_item_out(taken.work_item, now, reference), "also": also}


def event_out(event: TicketEvent) -> EventOut:
    """A line of the ticket's story."""
    return {"at": event.at.isoformat(), "kind": event.kind, "actor": event.actor, "data": event.data}


def procedure_out(version: ProcedureVersion) -> ProcedureOut:
    """A published procedure."""
    return {
        "code": version.procedure.code,
        "version": version.number,
        "name": version.name,
        "legal_natures": version.legal_natures,
        "channels_in": version.channels_in,
        "channels_out": version.channels_out,
        "silence_effect": version.silence_effect,
        "silence_months": version.silence_months,
    }


def presence_out(agent: Agent, state: str) -> PresenceOut:
    """What an agent is doing."""
    return {"state": str(state), "reason": agent.reason, "since": agent.since.isoformat()}


def offer_out(offer: Offer, now: datetime) -> OfferOut:
    """A work item that is offered."""
    item = offer.work_item
    return {
        "id": offer.pk,
        "work_item": work_item_out(item, now, item.ticket.reference, preferred(item, offer.agent_id)),
        "expires_at": offer.expires_at.isoformat(),
    }


def undo_out(done: Undo) -> UndoOut:
    """What was done to two tickets: the one merged or split, and the one it went into or the new one."""
    return {
        "undo": done.pk,
        "kind": done.kind,
        "ticket": done.ticket.reference,
        "other": done.other.reference,
        "undone": done.undone_at is not None,
    }


def incident_out(incident: Incident) -> IncidentOut:
    """A fault of an online service."""
    return {
        "number": incident.number,
        "title": incident.title,
        "text": incident.text,
        "opened_at": incident.opened_at.isoformat(),
        "mended_at": incident.mended_at.isoformat() if incident.mended_at else None,
        "tickets": incident.links.count(),
    }


def hit_out(hit: Hit) -> HitOut:
    """A ticket that was found."""
    return {
        "reference": hit.ticket.reference,
        "subject": hit.ticket.subject,
        "office": hit.ticket.office.slug,
        "snippet": hit.snippet,
        "where": hit.where,
    }
