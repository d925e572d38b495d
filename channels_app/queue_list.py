"""The left column: what I have in hand, the queue in its order, and what arrived just now wherever it stands."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from channels_app import words
from channels_app.card import procedure_name
from contactcenter import channel
from contactcenter.accounts.principal import Principal
from contactcenter.addresses import addresses
from contactcenter.people.models import ContactPoint
from contactcenter.people.points import spoken
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.routing.models import Assignment, WorkItem
from contactcenter.routing.selectors import candidate, lanes_for, reason
from contactcenter.routing.waiting import waiting_page

IN_ORDER = 60  # lines shown by score; what lies beyond is reached by taking the next
NEWEST = 40  # lines shown beyond those because they have only just arrived
AMONG = 2000  # the last work items of the whole centre, among which the newest are looked for
ON_TOP = 3
NEAR = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One work item as the list shows it."""

    id: int
    reference: str
    icon: str
    kind: str
    who: str
    subject: str
    reason: str
    age: str
    enqueued_at: datetime
    since: str  # the same, for machines
    take_address: str
    ticket_address: str
    score: str
    pace: str  # "late", "near" or "kept"
    pace_word: str
    interpreter: str = ""  # the language for which nobody on shift can be found


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueList:
    """What waits: the same for all who have the same rights and skills."""

    in_order: list[Line]
    arrived: list[Line]
    more: bool

    @property
    def just_arrived(self) -> list[Line]:
        """The very last, above the order: enough to notice, too few to bury what is late."""
        return self.arrived[:ON_TOP]

    @property
    def arrived_before(self) -> list[Line]:
        """The other new ones, below the order."""
        return self.arrived[ON_TOP:]

    @property
    def waiting(self) -> int:
        """How many lines wait; with `more`, at least so many."""
        return len(self.in_order) + len(self.arrived)

    @property
    def oldest(self) -> str:
        """The age of the longest waiting that is shown."""
        first = min(self.in_order, key=lambda line: line.enqueued_at, default=None)
        return first.age if first else ""


def waiting(by: Principal) -> QueueList:
    """What waits for this one and for everybody who can do the same, at this moment."""
    page = waiting_page(by, limit=IN_ORDER)
    shown = [one.item for one in page.items]
    arrived = _newest(by, beyond=shown) if page.next else []
    line = _liner([*shown, *arrived])
    return QueueList(
        in_order=[line(one.item, score=one.score, why=one.reason) for one in page.items],
        arrived=[line(item) for item in arrived],
        more=page.next is not None,
    )


def in_hand(by: Principal) -> list[Line]:
    """What this one has in hand."""
    held = _held(by)
    line = _liner(held)
    return [line(item) for item in held]


def _liner(items: Sequence[WorkItem]) -> Callable[..., Line]:
    places = {"take": addresses("desk:take"), "ticket": addresses("desk:ticket")}
    callers, topics, spoken = _callers(items), _topics(items), _spoken(items)
    return partial(_line, now=timezone.now(), callers=callers, topics=topics, spoken=spoken, places=places)


def _newest(by: Principal, *, beyond: Sequence[WorkItem]) -> list[WorkItem]:
    seen = {item.pk for item in beyond}
    newest = WorkItem.objects.aggregate(last=Max("pk"))["last"] or 0
    rows = WorkItem.objects.waiting().filter(pk__gt=newest - AMONG, lane__in=lanes_for(by)).with_lane().order_by("-id")
    return [item for item in rows[: NEWEST + len(seen)] if item.pk not in seen][:NEWEST]


def _held(by: Principal) -> list[WorkItem]:
    mine = Assignment.objects.filter(ended_at=None, actor=by.actor).values("work_item")
    return list(WorkItem.objects.filter(pk__in=mine).with_lane().order_by("enqueued_at", "id")[:IN_ORDER])


def _callers(items: Iterable[WorkItem]) -> dict[int, str]:
    """For tickets whose person has no name yet: the number or address they reached us from."""
    nameless = {item.ticket.answer_to_id for item in items if item.ticket.answer_to_id and not _name(item)}
    return {point.pk: spoken(point.value) for point in ContactPoint.objects.filter(pk__in=nameless)} if nameless else {}


def _topics(items: Iterable[WorkItem]) -> dict[int, str]:
    """For tickets without a subject (a call): the procedure, as people call it."""
    nameless = {item.ticket.procedure_id for item in items if item.ticket.procedure_id and not item.ticket.subject}
    return {row.pk: procedure_name(row) for row in ProcedureVersion.objects.filter(pk__in=nameless)} if nameless else {}


def _spoken(items: Iterable[WorkItem]) -> Collection[int]:
    """The interactions that are a recorded message, as the telephone keeps them."""
    said = {item.interaction_id for item in items if item.kind == "message" and item.channel == "phone"} - {None}
    plug = channel.get("phone") if "phone" in channel.names() else None
    voice_messages = getattr(plug, "voice_messages", None)
    return voice_messages(said) if said and voice_messages else ()


def _name(item: WorkItem) -> str:
    return item.ticket.person.name if item.ticket.person else ""


def _line(
    item: WorkItem,
    *,
    now: datetime,
    callers: dict[int, str],
    topics: dict[int, str],
    spoken: Collection[int],
    places: dict[str, Callable[[object], str]],
    score: float | None = None,
    why: str = "",
) -> Line:
    if score is None:
        one = candidate(item, now)
        score, why = one.score, reason(item, one)
    pace, pace_word = pace_of(score)
    return Line(
        id=item.pk,
        reference=item.ticket.reference,
        icon=item.kind if item.kind in ("callback", "scan_check", "letter_to_post") else item.channel,
        kind=_kind(item, spoken),
        who=_name(item) or callers.get(item.ticket.answer_to_id or 0, "") or gettext("Name not known"),
        subject=item.ticket.subject or topics.get(item.ticket.procedure_id or 0, "") or gettext("No subject"),
        reason=why,
        age=words.age(now - item.enqueued_at),
        enqueued_at=item.enqueued_at,
        since=item.enqueued_at.isoformat(timespec="seconds"),
        take_address=places["take"](item.pk),
        ticket_address=places["ticket"](item.ticket.reference),
        score=score_words(score),
        pace=pace,
        pace_word=pace_word,
        interpreter=words.interpreter(item),
    )


def _kind(item: WorkItem, spoken: Collection[int]) -> str:
    """What it is in a word: its channel for what is to be answered, else the kind of work."""
    if item.kind == "message" and item.interaction_id in spoken:
        return gettext("Voice message")
    known = words.CHANNELS if item.kind == "message" else words.KINDS
    key = item.channel if item.kind == "message" else item.kind
    return str(known.get(key, key))


def pace_of(score: float) -> tuple[str, str]:
    """How a score is told: as a code for its shape and as a word."""
    if score >= 1:
        return "late", gettext("late")
    if score >= NEAR:
        return "near", gettext("soon due")
    return "kept", gettext("in time")


def score_words(score: float) -> str:
    """A score as people read it: two places near the promise, none far beyond it."""
    return str(number_format(score, 2 if score < 10 else 0))
