"""Tickets put together and taken apart, both undone; tags on them, and links between them."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api.answers import LinkOut, UndoOut
from contactcenter.api.auth import principal
from contactcenter.api.beside import link_out
from contactcenter.api.bodies import LinkIn, MergeIn, SplitIn, TagIn
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.seen import must_see
from contactcenter.api.shaping import undo_out
from contactcenter.desk import joining, linking, tagging
from contactcenter.tickets.selectors import by_reference

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


@router.post("/tickets/{reference}/tags", response={200: list[str], **ERRORS})
def tag_ticket(request: HttpRequest, reference: str, body: TagIn) -> HttpResponse:
    """Put a tag on; again, nothing changes."""
    must_see(request)
    return answer(tagging.tag(reference, body.name, principal(request)))


@router.post("/tickets/{reference}/tags/remove", response={200: list[str], **ERRORS})
def untag_ticket(request: HttpRequest, reference: str, body: TagIn) -> HttpResponse:
    """Take a tag off; again, nothing changes."""
    must_see(request)
    return answer(tagging.untag(reference, body.name, principal(request)))


@router.post("/tickets/{reference}/links", response={200: list[LinkOut], **ERRORS})
def link_tickets(request: HttpRequest, reference: str, body: LinkIn) -> HttpResponse:
    """Link another ticket; both show it. Again, the word is the new one."""
    must_see(request)
    linking.link(reference, body.other, body.word, principal(request))
    return _links(request, reference)


@router.post("/tickets/{reference}/links/remove", response={200: list[LinkOut], **ERRORS})
def unlink_tickets(request: HttpRequest, reference: str, body: LinkIn) -> HttpResponse:
    """Take a link away; again, nothing changes."""
    must_see(request)
    linking.unlink(reference, body.other, principal(request))
    return _links(request, reference)


def _links(request: HttpRequest, reference: str) -> HttpResponse:
    by = principal(request)
    return answer([link_out(one) for one in linking.links_of(by_reference(by, reference), by)])


@router.post("/undo/{undo_id}", response={200: UndoOut, **ERRORS})
def undo(request: HttpRequest, undo_id: int) -> HttpResponse:
    """Put both tickets back as they stood; again, nothing changes."""
    return answer(undo_out(joining.undo(undo_id, principal(request))))
