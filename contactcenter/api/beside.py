"""What stands beside a ticket's story: other requests, documents held and missing, how well the person is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from contactcenter import channel
from contactcenter.accounts.principal import Principal
from contactcenter.api.answers import AssuranceOut, EvidenceOut, LinkOut, PieceOut, RelatedOut
from contactcenter.desk.linking import Linked, links_of
from contactcenter.desk.pieces import Piece, pieces
from contactcenter.desk.related import Related, related
from contactcenter.desk.tagging import tags_of
from contactcenter.people import evidence
from contactcenter.people.models import Evidence
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Read once, then shaped."""

    related: list[Related]
    pieces: list[Piece]
    evidence: list[Evidence]
    links: list[Linked]
    tags: list[str]
    details: dict[int, Mapping[str, object]]


def beside(ticket: Ticket, by: Principal) -> Beside:
    """What this reader may know of it."""
    return Beside(
        related=related(ticket, by),
        pieces=pieces(ticket, by),
        evidence=evidence.standing(ticket.person) if ticket.person else [],
        links=links_of(ticket, by),
        tags=tags_of(ticket),
        details=channel.asked("details", ((said.channel, said.pk) for said in ticket.interactions.all())),
    )


def related_out(one: Related) -> RelatedOut:
    """Another request of the person."""
    return {"reference": one.reference, "office": one.office, "state": one.state}


def link_out(one: Linked) -> LinkOut:
    """A linked request; the word is empty for who does not see it."""
    return {**related_out(one.other), "word": one.word}


def piece_out(piece: Piece) -> PieceOut:
    """A document that the procedure asks for."""
    return {
        "code": piece.code,
        "label": piece.label,
        "required": piece.required,
        "held": piece.held,
        "held_with": piece.elsewhere or None,
    }


def assurance_out(ticket: Ticket, seen: list[Evidence]) -> AssuranceOut:
    """How well the person is known, and on what it rests."""
    reached = evidence.assured(ticket.person, seen)
    noted: list[EvidenceOut] = [
        {"id": one.pk, "kind": one.kind, "at": one.at.isoformat(), "by": one.label} for one in seen
    ]
    return {"level": f"L{int(reached.level)}", "rests_on": list(reached.rests_on), "evidence": noted}
