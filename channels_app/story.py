"""The whole story of one ticket on one timeline: what was said, what we sent, notes, and what happened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from operator import attrgetter

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from channels_app import happened, words
from channels_app.answers import ICONS
from contactcenter import channel
from contactcenter.outbox.models import Delivery
from contactcenter.people.points import spoken
from contactcenter.tickets.models import Attachment, Direction, Interaction, Note, Ticket, TicketEvent
from contactcenter.tickets.selectors import whole

NOTHING = SafeString("")
LONG = 4000  # characters of a text that the timeline shows at first; nothing is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One file of an interaction."""

    id: int
    name: str
    size: str
    content_type: str
    problem: str

    @property
    def is_audio(self) -> bool:
        """Whether the page can play it."""
        return self.content_type.startswith("audio/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying:
    """How far something we say has come, in words and as a shape."""

    purpose: str
    means: str
    to: str
    state: str
    word: str
    error: str


@dataclass(slots=True, kw_only=True)
class Line:
    """One thing on the timeline. `kind` is `in`, `out`, `note` or `event`."""

    key: str
    kind: str
    at: datetime
    when: str
    pk: int = 0
    icon: str = ""
    heading: str = ""
    who: str = ""
    subject: str = ""
    text: str = ""
    raw: str = ""
    enclosures: list[Enclosure] = field(default_factory=list)
    carrying: list[Carrying] = field(default_factory=list)
    fragment: SafeString = NOTHING

    @property
    def shown(self) -> str:
        """What the timeline shows of the text; the whole of a longer one is a click away."""
        return self.text if not self.is_long else f"{self.text[:LONG]}…"

    @property
    def is_long(self) -> bool:
        """Whether the timeline shows only its beginning."""
        return len(self.text) > LONG


def of(ticket: Ticket) -> list[Line]:
    """Everything on the ticket, the oldest first."""
    now = timezone.now()
    deliveries = list(Delivery.objects.filter(ticket__in=whole(ticket)).order_by("created_at", "id"))
    said = list(_said(ticket, deliveries, now))
    sent = [_sent(delivery, now) for delivery in deliveries if delivery.interaction_id is None or _receipt(delivery)]
    notes = [_note(note, now) for note in Note.objects.filter(ticket=ticket)]
    return sorted([*said, *sent, *notes, *_happened(ticket, now)], key=attrgetter("at"))


def version(ticket: Ticket) -> str:
    """What the story is made of: the newest event, and what the channels show of their own rows (a call's state)."""
    shown = "".join(fragment for _pk, fragment in sorted(_fragments(Interaction.objects.filter(ticket=ticket)).items()))
    return f"{newest_event(ticket)}-{sha256(shown.encode()).hexdigest()[:16]}"


def newest_event(ticket: Ticket) -> int:
    """The last thing that happened."""
    return TicketEvent.objects.filter(ticket=ticket).order_by("-id").values_list("pk", flat=True).first() or 0


def _receipt(delivery: Delivery) -> bool:
    return delivery.purpose == "receipt"


def _said(ticket: Ticket, deliveries: Iterable[Delivery], now: datetime) -> Iterator[Line]:
    interactions = list(
        Interaction.objects.filter(ticket=ticket).select_related("person").prefetch_related("attachments")
    )
    fragments = _fragments(interactions)
    carried = defaultdict(list)
    for delivery in deliveries:
        if not _receipt(delivery):
            carried[delivery.interaction_id].append(_carrying(delivery))
    for one in interactions:
        yield Line(
            key=f"i{one.pk}",
            pk=one.pk,
            kind=one.direction,
            at=one.occurred_at,
            when=words.when(one.occurred_at, now),
            icon=one.channel,
            heading=_heading(one, carried[one.pk]),
            who=one.person.name if one.person and one.direction == Direction.IN else "",
            subject=one.subject if one.subject != ticket.subject else "",
            text=one.text,
            raw=one.raw_sha256,
            enclosures=[_enclosure(file) for file in one.attachments.all()],
            carrying=carried[one.pk],
            fragment=fragments.get(one.pk, NOTHING),
        )


def _fragments(interactions: Iterable[Interaction]) -> dict[int, SafeString]:
    """What each channel shows of its own rows: a player, a page image, the steps of a call."""
    shown = channel.asked("timeline", ((one.channel, one.pk) for one in interactions))
    return {pk: mark_safe(fragment.html) for pk, fragment in shown.items()}  # noqa: S308 (the plug: safe)


def _heading(one: Interaction, carried: Sequence[Carrying]) -> str:
    """What it is; how an answer went, and how far, is told beside it."""
    incoming = {
        "phone": gettext("call"),
        "email": gettext("e-mail received"),
        "web": gettext("form received"),
        "paper": gettext("letter received"),
    }
    if one.direction == Direction.IN:
        return incoming.get(one.channel, one.channel)
    if carried:
        return carried[0].purpose
    return gettext("answer sent") if one.text else gettext("we called")


def _enclosure(file: Attachment) -> Enclosure:
    return Enclosure(
        id=file.pk,
        name=file.name,
        size=words.size(file.size),
        content_type=file.content_type,
        problem=str(words.PROBLEMS.get(file.problem, "")),
    )


def _carrying(delivery: Delivery) -> Carrying:
    word = words.DELIVERY_STATES[delivery.state]
    if delivery.state == "sending":
        word = words.WAITING_FOR_HANDS.get(delivery.means, word)
    return Carrying(
        purpose=str(words.PURPOSES[delivery.purpose]),
        means=str(words.MEANS[delivery.means]),
        to=spoken(delivery.to.splitlines()[0]) if delivery.to else "",
        state=delivery.state,
        word=str(word),
        error=delivery.error,
    )


def _sent(delivery: Delivery, now: datetime) -> Line:
    """A receipt or a notice. A receipt's text carries the follow code, which is the person's alone."""
    return Line(
        key=f"d{delivery.pk}",
        kind="out",
        at=delivery.created_at,
        when=words.when(delivery.created_at, now),
        icon=ICONS[delivery.means],
        heading=str(words.PURPOSES[delivery.purpose]),
        subject=delivery.subject,
        text="" if _receipt(delivery) else delivery.text,
        carrying=[_carrying(delivery)],
    )


def _note(note: Note, now: datetime) -> Line:
    headings = {
        "note": gettext("Note by %(author)s"),
        "transfer": gettext("%(author)s passes it on"),
        "hold": gettext("%(author)s sets it aside"),
    }
    return Line(
        key=f"n{note.pk}",
        kind="note",
        at=note.at,
        when=words.when(note.at, now),
        icon="note",
        heading=headings.get(note.kind, headings["note"]) % {"author": note.author},
        text=note.text,
    )


def _happened(ticket: Ticket, now: datetime) -> Iterator[Line]:
    events = [event for event in TicketEvent.objects.filter(ticket=ticket) if happened.worth_a_line(event)]
    names = happened.names(events)
    pieces = happened.pieces(ticket)
    for event in events:
        yield Line(
            key=f"e{event.pk}",
            kind="event",
            at=event.at,
            when=words.when(event.at, now),
            heading=happened.what(event, names | pieces, now),
            who=names.get(event.actor, ""),
        )
