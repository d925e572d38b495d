"""The right column: the person with how well each thing is known, the dates that run, whose hands it is in."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext

from channels_app import known, words
from channels_app.running import running
from contactcenter.accounts.principal import Principal
from contactcenter.desk.linking import links_of
from contactcenter.desk.pieces import Piece, files_to_look_at, pieces
from contactcenter.desk.related import related
from contactcenter.desk.tagging import tags_of
from contactcenter.desk.work import owes_an_appointment
from contactcenter.people.languages import LANGUAGES
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.routing.models import ASKED_AFTER, LEASE, Assignment, Kind, Stage, WorkItem, WorkState
from contactcenter.tickets.models import Attachment, Ticket

MOST = 30  # unfinished work items shown of one ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceLine:
    """One document that is asked for, as the card shows it."""

    code: str
    label: str
    held: bool
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosedFile:
    """One file that came or went with the ticket."""

    id: int
    name: str
    size: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One unfinished work item of the ticket, and in whose hands it is."""

    id: int
    kind: str
    code: str
    state: str
    holder: str
    mine: bool
    since: str
    delivery_id: int | None
    interpreter: str = ""
    stage: str = ""  # of a call: how far it has come
    owed: bool = False  # an appointment, before which it cannot be finished
    asked: bool = False  # the lease soon ends: whether one goes on

    @property
    def may_be_done(self) -> bool:
        """Whether a click ends it: a call after its conversation, a message by an answer, a scan in the mailroom."""
        if self.code == Kind.CALL:
            return self.stage == Stage.WRAP_UP
        return self.code not in (Kind.MESSAGE, Kind.SCAN_CHECK) and self.stage != Stage.CONNECTED and not self.owed


def aside(ticket: Ticket, by: Principal, now: datetime) -> dict[str, object]:
    """Everything that the right column shows."""
    asked = pieces(ticket, by)
    return {
        "answer_language": LANGUAGES.get(ticket.language, ticket.language),
        "points": known.points(ticket.person, now),
        "identity": known.identity(ticket.person, now),
        "dates": running(ticket, now),
        "pieces": [_piece(piece, now) for piece in asked],
        "to_look_at": files_to_look_at(ticket, asked) if asked else 0,
        "related": related(ticket, by),
        "links": links_of(ticket, by),
        "tags": tags_of(ticket),
        "files": [_file(file) for file in Attachment.objects.filter(interaction__ticket=ticket).order_by("pk")],
    }


def _piece(piece: Piece, now: datetime) -> PieceLine:
    when = {"by": piece.marked_by, "when": words.when(piece.marked_at, now) if piece.marked_at else ""}
    if piece.held:
        told = gettext("held · %(by)s, %(when)s") % when
    elif piece.elsewhere:
        told = gettext("held with %(reference)s: do not ask again") % {"reference": words.digits(piece.elsewhere)}
    elif piece.marked_at:
        told = gettext("missing · %(by)s, %(when)s") % when
    else:
        told = gettext("missing") if piece.required else gettext("not here; it helps")
    return PieceLine(code=piece.code, label=piece.label, held=piece.held, told=told)


def _file(file: Attachment) -> EnclosedFile:
    return EnclosedFile(id=file.pk, name=file.name, size=words.size(file.size), problem=file.problem)


def holdings(ticket: Ticket, by: Principal, now: datetime) -> list[Holding]:
    """The ticket's unfinished work, and who has it."""
    items = list(
        WorkItem.objects.unfinished()
        .filter(ticket=ticket)
        .select_related("ticket")
        .order_by("enqueued_at", "pk")[:MOST]
    )
    open_now = Assignment.objects.filter(work_item__in=items, ended_at=None) if items else ()
    held = {assignment.work_item_id: assignment for assignment in open_now}
    owed = any(item.kind == Kind.FOLLOW_UP for item in items) and owes_an_appointment(ticket, by)
    return [_holding(item, held.get(item.pk), by, now, owed=owed) for item in items]


def procedure_name(version: ProcedureVersion | None) -> str:
    """The procedure as people call it, in the reader's language; "" for none."""
    names = version.name if version else {}
    return str(names.get((get_language() or "fr")[:2]) or names.get("fr", ""))


def _holding(item: WorkItem, held: Assignment | None, by: Principal, now: datetime, *, owed: bool) -> Holding:
    since = held.started_at if held else item.due_from if item.state == WorkState.SCHEDULED else item.enqueued_at
    return Holding(
        id=item.pk,
        kind=str(words.KINDS.get(item.kind, item.kind)),
        code=item.kind,
        state=item.state,
        holder=held.holder if held else "",
        mine=held is not None and held.actor == by.actor,
        since=words.when(since or now, now),
        delivery_id=item.delivery_id,
        interpreter=words.interpreter(item),
        stage=item.stage,
        owed=owed and item.kind == Kind.FOLLOW_UP,
        asked=bool(held and held.lease_until and not held.parked_at and held.lease_until - now <= LEASE - ASKED_AFTER),
    )
