"""What the API answers, field by field; docs/contract.md says what each means. Times are ISO 8601 with offset."""

from collections.abc import Mapping

from typing_extensions import TypedDict


class PointOut(TypedDict):
    """An address or number of a person."""

    kind: str
    value: str


class PersonOut(TypedDict):
    """Whom a ticket concerns."""

    name: str
    contact_points: list[PointOut]


class TicketOut(TypedDict):
    """A ticket as lists show it."""

    reference: str
    channel: str
    procedure: str | None
    legal_nature: str
    state: str
    subject: str
    language: str
    office: str
    person: PersonOut | None
    opened_at: str
    due_at: str


class TicketPage(TypedDict):
    """Some tickets, the newest first."""

    items: list[TicketOut]
    next: str | None


class AttachmentOut(TypedDict):
    """A file; its bytes are at `url`, with the same token."""

    name: str
    content_type: str
    size: int
    sha256: str
    url: str


class InteractionOut(TypedDict):
    """One thing said. `details` is what its channel knows of it: a call's times, and whether anybody was reached."""

    id: int
    direction: str
    channel: str
    occurred_at: str
    subject: str
    text: str
    raw_sha256: str
    attachments: list[AttachmentOut]
    details: Mapping[str, object] | None


class NoteOut(TypedDict):
    """What an agent wrote for colleagues."""

    at: str
    by: str
    kind: str
    text: str


class ReceiptRef(TypedDict):
    """A receipt of a ticket."""

    code: str
    issued_at: str
    url: str


class ReceiptOut(ReceiptRef):
    """A receipt with what it says."""

    ticket: str
    legal_nature: str
    language: str
    content: dict[str, object]


class DeliveryOut(TypedDict):
    """One thing we say, and how far it has come."""

    id: int
    purpose: str
    means: str
    channel: str
    to: str
    state: str


class PreviewOut(TypedDict):
    """An answer as the person would get it; `segments` of a text message, `pages` of a letter, else 0."""

    means: str
    channel: str
    to: str
    reason: str
    subject: str
    text: str
    note: str
    segments: int
    pages: int


class WorkItemOut(TypedDict):
    """One thing that waits for a human."""

    id: int
    kind: str
    channel: str
    ticket: str
    enqueued_at: str
    score: float
    reason: str
    state: str
    interpreter_needed: bool


class TakenOut(WorkItemOut):
    """A work item now in the asker's hands, with those of its ticket that came along."""

    also: list[WorkItemOut]


class QueuePage(TypedDict):
    """Some waiting work, the next first."""

    items: list[WorkItemOut]
    next: str | None


class EventOut(TypedDict):
    """A line of the ticket's story."""

    at: str
    kind: str
    actor: str
    data: dict[str, object]


class RelatedOut(TypedDict):
    """Another request of the same person, possibly of another office."""

    reference: str
    office: str
    state: str


class LinkOut(RelatedOut):
    """A request linked to this one, and why."""

    word: str


class PieceOut(TypedDict):
    """A document that the procedure asks for; `held_with` is another request of the person with which it is held."""

    code: str
    label: str
    required: bool
    held: bool
    held_with: str | None


class EvidenceOut(TypedDict):
    """Something that showed who the person is."""

    id: int
    kind: str
    at: str
    by: str


class AssuranceOut(TypedDict):
    """How well the person is known: `L0` to `L3`, the kinds of evidence that reach it, and all that was noted."""

    level: str
    rests_on: list[str]
    evidence: list[EvidenceOut]


class TicketStory(TicketOut):
    """A ticket with everything on it."""

    interactions: list[InteractionOut]
    notes: list[NoteOut]
    receipts: list[ReceiptRef]
    deliveries: list[DeliveryOut]
    work_items: list[WorkItemOut]
    events: list[EventOut]
    related: list[RelatedOut]
    pieces: list[PieceOut]
    assurance: AssuranceOut
    links: list[LinkOut]
    tags: list[str]


class TransferredOut(TicketStory):
    """A ticket that was passed on; `notice` says that the colleague is not there, and what becomes of it, else ""."""

    notice: str


class ProcedureOut(TypedDict):
    """A published procedure."""

    code: str
    version: int
    name: dict[str, str]
    legal_natures: dict[str, str]
    channels_in: list[str]
    channels_out: list[str]
    silence_effect: str
    silence_months: int | None


class ProcedurePage(TypedDict):
    """Some procedures, by code."""

    items: list[ProcedureOut]
    next: str | None


class ClassOut(TypedDict):
    """What waits now of one channel in one class of service."""

    waiting: int
    oldest_s: float | None
    relative_lateness: float


class ChannelOut(TypedDict):
    """One channel: who waits now, also by class, and what nine in ten of those taken in the interval had waited."""

    waiting: int
    oldest_s: float | None
    p90_s: float | None
    relative_lateness: float
    classes: dict[str, ClassOut]


WallboardOut = TypedDict(
    "WallboardOut",
    {
        "office": str | None,
        "from": str,
        "to": str,
        "offered": int,
        "answered": int,
        "called_back": int,
        "abandoned": int,
        "short": int,
        "message": int,
        "waiting": int,
        "service_level": float | None,
        "answered_share": float | None,
        "answered_share_with_short": float | None,
        "asa_s": float | None,
        "aht_s": float | None,
        "hold_s": float | None,
        "occupancy": float | None,
        "callbacks_promised": int,
        "callbacks_kept": int,
        "callbacks_late": int,
        "callbacks_unreached": int,
        "callbacks_settled": int,
        "callbacks_open": int,
        "hours_promised": int,
        "hours_missed": int,
        "granted_without_appointment": int,
        "channels": dict[str, ChannelOut],
    },
)
"""The telephone's figures of an interval, shares from 0 to 1, and every channel's; null where there is nothing yet."""


class FieldError(TypedDict, total=False):
    """One mistake: where it is (`pointer` into the body, or the query's `parameter`) and what."""

    pointer: str
    parameter: str
    detail: str


class Problem(TypedDict, total=False):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    holder: str | None
    errors: list[FieldError]


class PresenceOut(TypedDict):
    """Whether an agent is there for work: `available`, `busy`, `wrap_up`, `away` or `offline`."""

    state: str
    reason: str
    since: str


class OfferOut(TypedDict):
    """A work item that is offered to the asker until `expires_at`."""

    id: int
    work_item: WorkItemOut
    expires_at: str


class OfferPage(TypedDict):
    """What is offered."""

    items: list[OfferOut]
    next: str | None


class UndoOut(TypedDict):
    """Two tickets put together or taken apart; `undo` puts them back."""

    undo: int
    kind: str
    ticket: str
    other: str
    undone: bool


class IncidentOut(TypedDict):
    """A fault of an online service; `tickets` are how many it caused."""

    number: str
    title: str
    text: str
    opened_at: str
    mended_at: str | None
    tickets: int


class HitOut(TypedDict):
    """A ticket that was found; `where` is `person`, `reference`, `interaction` or `attachment`."""

    reference: str
    subject: str
    office: str
    snippet: str
    where: str


class HitPage(TypedDict):
    """Some of what was found, the newest first."""

    items: list[HitOut]
    next: str | None
