"""An answer as the person will get it, above the box in which it was written; nothing is sent yet."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from channels_app.views.asking import on_behalf, status_of
from channels_app.views.ticket import page
from contactcenter.accounts.principal import Principal
from contactcenter.desk import previewing
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.tickets.selectors import by_reference


@require_POST
@on_behalf
def preview(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Show it, with what was typed still in its box; or the sentence that says why it could not be sent."""
    found = by_reference(by, reference)
    text, means = request.POST.get("text", ""), request.POST.get("means", "")
    try:
        shown = previewing.of(found, text, means=means)
    except DomainError as error:
        return page(request, by, found, typed=request.POST.dict(), shown_form="reply", error=error)
    return page(request, by, found, typed=request.POST.dict(), shown_form="reply", preview=shown)


@require_POST
@on_behalf
def letter(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """The letter as a PDF, as it would be printed."""
    try:
        shown = previewing.preview(reference, request.POST.get("text", ""), by, means="letter").shown
    except NotFoundError:
        raise
    except DomainError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": 'inline; filename="lettre.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(shown.document, content_type="application/pdf", headers=headers)
