"""What is known of a ticket's person: documents held and missing, and what showed who they are."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api.answers import AssuranceOut, PieceOut
from contactcenter.api.auth import principal
from contactcenter.api.beside import assurance_out, piece_out
from contactcenter.api.bodies import EvidenceIn, PieceIn
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.desk import pieces, proving
from contactcenter.people import evidence
from contactcenter.tickets.selectors import by_reference

router = Router(tags=["person"])


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
