"""Originals, page pictures and letters as files: for staff who may see the ticket, and never run by a browser."""

from pathlib import Path
from typing import cast

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from contactcenter import vault
from contactcenter.accounts.models import User
from contactcenter.desk.reading import trace
from contactcenter.errors import NotFoundError
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.services import renew_leases
from paper_intake import selectors
from paper_intake.models import Scan
from paper_intake.previews import preview_path

NAMES = {"application/pdf": "pdf", "image/tiff": "tif", "image/jpeg": "jpg", "image/png": "png"}


@require_safe
def page(request: HttpRequest, scan_id: int, number: int) -> FileResponse:
    """The picture of one page."""
    scan = _seen(request, scan_id)
    return _file(preview_path(scan.sha256, number), "image/jpeg", "inline", f"page-{number}.jpg")


@require_safe
def original(request: HttpRequest, scan_id: int) -> FileResponse:
    """The file as it came, to be saved and never to be opened in place."""
    scan = _seen(request, scan_id)
    ending = NAMES.get(scan.content_type, "bin")
    reference = scan.interaction.ticket.reference
    return _file(vault.path(scan.sha256), "application/octet-stream", "attachment", f"{reference}-{scan.pk}.{ending}")


@require_safe
def letter(request: HttpRequest, letter_id: int) -> FileResponse:
    """A letter to print: made by us, so the browser may show it."""
    by = principal_for(cast("User", request.user))
    try:
        one = selectors.letter_of(by, letter_id)
    except NotFoundError as error:
        raise Http404 from error
    trace(one.delivery.ticket, by)
    renew_leases(one.delivery.ticket_id, by)  # whoever prints it has it in their hands
    name = f"{one.delivery.ticket.reference}-{one.pk}.pdf"
    return _file(vault.path(one.sha256), "application/pdf", "inline", name, sandbox=False)


def _seen(request: HttpRequest, scan_id: int) -> Scan:
    by = principal_for(cast("User", request.user))
    try:
        scan = selectors.scan_of(by, scan_id)
    except NotFoundError as error:
        raise Http404 from error
    trace(scan.interaction.ticket, by)
    return scan


def _file(path: Path, content_type: str, how: str, name: str, *, sandbox: bool = True) -> FileResponse:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600" if how == "inline" else "private, no-store"
    if sandbox:
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
