"""Tickets put together and taken apart, and both undone."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api.answers import UndoOut
from contactcenter.api.auth import principal
from contactcenter.api.bodies import MergeIn, SplitIn
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import undo_out
from contactcenter.desk import joining

router = Router(tags=["tickets"])


@router.post("/tickets/{reference}/merge", response={200: UndoOut, **ERRORS})
def merge(request: HttpRequest, reference: str, body: MergeIn) -> HttpResponse:
    """Put this ticket into another; its reference goes on to answer, with that one."""
    must_see(request)
    return answer(undo_out(joining.merge(reference, body.into, principal(request))))


@router.post("/tickets/{reference}/split", response={200: UndoOut, **ERRORS})
def split(request: HttpRequest, reference: str, body: SplitIn) -> HttpResponse:
    """Take some of what was said onto a new ticket."""
    must_see(request)
    by = principal(request)
    return answer(undo_out(joining.split(reference, body.interactions, by, subject=body.subject)))


@router.post("/undo/{undo_id}", response={200: UndoOut, **ERRORS})
def undo(request: HttpRequest, undo_id: int) -> HttpResponse:
    """Put both tickets back as they stood; again, nothing changes."""
    return answer(undo_out(joining.undo(undo_id, principal(request))))
