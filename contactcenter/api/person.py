"""What is known of a ticket's person: documents held and missing, and what showed who they are."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api.answers import AssuranceOut, PersonOut, PieceOut
from contactcenter.api.auth import principal
from contactcenter.api.beside import assurance_out, piece_out
from contactcenter.api.bodies import CardIn, EvidenceIn, PieceIn
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import person_out
from contactcenter.channel import Point
from contactcenter.desk import completing, pieces, proving
from contactcenter.people import evidence
from contactcenter.tickets.selectors import by_reference

router = Router(tags=["person"])


@router.post("/tickets/{reference}/person", response={200: PersonOut, **ERRORS})
def complete(request: HttpRequest, reference: str, body: CardIn) -> HttpResponse:
    """Note the person's name, add addresses and numbers, or put them right: all or nothing. Again, nothing changes."""
    must_see(request)
    by = principal(request)
    new = [Point(kind=one.kind, value=one.value) for one in body.contact_points if not one.instead_of]
    right = [(Point(kind=one.kind, value=one.instead_of), one.value) for one in body.contact_points if one.instead_of]
    completing.complete(reference, by, name=body.name, points=new, corrections=right)
    person = by_reference(by, reference).person
    return answer(person_out(person) if person else {"name": "", "contact_points": []})


@router.post("/tickets/{reference}/pieces", response={200: list[PieceOut], **ERRORS})
def mark_piece(request: HttpRequest, reference: str, body: PieceIn) -> HttpResponse:
    """Say that a document is held or missing; again, nothing changes."""
    must_see(request)
    by = principal(request)
    pieces.mark(reference, body.code, by, held=body.held)
    return answer([piece_out(piece) for piece in pieces.pieces(by_reference(by, reference), by)])


@router.post("/tickets/{reference}/evidence", response={201: AssuranceOut, **ERRORS})
def note_evidence(request: HttpRequest, reference: str, body: EvidenceIn) -> HttpResponse:
    """Note what showed who the person is; again, nothing changes."""
    must_see(request)
    proving.note_evidence(reference, body.kind, principal(request))
    return _assurance(request, reference, status=201)


@router.post("/tickets/{reference}/evidence/{evidence_id}/withdraw", response={200: AssuranceOut, **ERRORS})
def take_back_evidence(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """It was a mistake; again, nothing changes."""
    must_see(request)
    proving.take_back_evidence(reference, evidence_id, principal(request))
    return _assurance(request, reference)


def _assurance(request: HttpRequest, reference: str, status: int = 200) -> HttpResponse:
    ticket = by_reference(principal(request), reference)
    return answer(assurance_out(ticket, evidence.standing(ticket.person) if ticket.person else []), status=status)
