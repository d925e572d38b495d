"""The documents that a procedure asks for: which are held, which are missing, and which another request has already.

Nobody is asked twice for what the service holds (code des relations, L113-12): a piece held with another request of the
person that the reader sees is told with that request's number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import PieceMark
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError
from contactcenter.procedures.models import ProcedureVersion, in_language
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Attachment, Ticket
from contactcenter.tickets.selectors import visible, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One document asked for. `elsewhere` is the reference of another request with which it is held."""

    code: str
    label: str
    required: bool
    held: bool
    marked_at: datetime | None = None
    marked_by: str = ""
    elsewhere: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether the person has to be asked for it."""
        return self.required and not self.held and not self.elsewhere


@transaction.atomic
def mark(reference: str, code: str, by: Principal, *, held: bool) -> PieceMark:
    """Say that a piece is held, or that it is missing; the same again changes nothing."""
    ticket = writable(reference, by)
    if code not in {piece["code"] for piece in _asked_for(ticket.procedure)}:
        raise InvalidError(_("This procedure asks for no such document."))
    known = PieceMark.objects.filter(ticket=ticket, code=code).first()
    if known and known.held == held:
        return known
    facts = {"held": held, "actor": by.actor, "author": by.label[:120]}
    row = PieceMark.objects.update_or_create(ticket=ticket, code=code, defaults={**facts, "at": timezone.now()})[0]
    record(ticket, "piece.held" if held else "piece.missing", actor=by.actor, piece=code)
    return row


def pieces(ticket: Ticket, by: Principal, language: str = "") -> list[Piece]:
    """What the procedure asks for, in its order, as it stands on this ticket (and on those merged into it)."""
    asked = _asked_for(ticket.procedure)
    if not asked:
        return []
    own = {row.code: row for row in _marks(ticket)}
    elsewhere = _elsewhere(ticket, by)
    return [_piece(piece, own.get(piece["code"]), elsewhere.get(piece["code"], ""), language) for piece in asked]


def files_to_look_at(ticket: Ticket, known: Iterable[Piece]) -> int:
    """How many files came since somebody last said what is held."""
    files = Attachment.objects.filter(interaction__ticket=ticket, interaction__direction="in")
    last = max((piece.marked_at for piece in known if piece.marked_at), default=None)
    return (files.filter(interaction__occurred_at__gt=last) if last else files).count()


def _piece(asked: dict[str, Any], own: PieceMark | None, elsewhere: str, language: str) -> Piece:
    held = own is not None and own.held
    return Piece(
        code=asked["code"],
        label=in_language({key: text for key, text in asked.items() if isinstance(text, str)}, language),
        required=bool(asked.get("required")),
        held=held,
        marked_at=own.at if own else None,
        marked_by=own.author if own else "",
        elsewhere="" if held else elsewhere,
    )


def _asked_for(version: ProcedureVersion | None) -> list[dict[str, Any]]:
    return list(version.pieces) if version else []


def _marks(ticket: Ticket) -> list[PieceMark]:
    """The newest word on each piece comes last."""
    return list(PieceMark.objects.filter(ticket__in=whole(ticket)).order_by("at", "pk"))


def _elsewhere(ticket: Ticket, by: Principal) -> dict[str, str]:
    """With which other request of the person each document is held, as far as the reader sees them."""
    if ticket.person_id is None:
        return {}
    others = visible(by).filter(person=ticket.person_id, merged_into=None).exclude(pk=ticket.pk)
    rows = PieceMark.objects.filter(ticket__in=others, held=True).order_by("at", "pk")
    return dict(rows.values_list("code", "ticket__reference"))
