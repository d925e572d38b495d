"""What one is writing is kept as one writes; writing is work, and renews the lease."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from channels_app import looking
from channels_app.views.asking import on_behalf, status_of
from channels_app.views.verbs import do
from contactcenter.accounts.principal import Principal
from contactcenter.desk import drafts
from contactcenter.errors import DomainError, NotAllowedError, NotFoundError
from contactcenter.routing.services import renew_leases
from contactcenter.tickets.selectors import by_reference


@require_http_methods(["GET", "POST"])
@on_behalf
def keep(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Keep it; 204, since the page shows it already, and whoever else looks sees that one writes.

    Asked (GET), what is kept of `form`, as plain text. With `kept`, the button of a page without a script, the page.
    """
    if request.method == "GET":
        written = drafts.of(by_reference(by, reference), by).get(request.GET.get("form", ""), "")
        return HttpResponse(written, content_type="text/plain; charset=utf-8")
    if request.POST.get("kept"):
        return _kept(request, by, reference, request.POST["kept"])
    try:
        ticket = drafts.keep(reference, request.POST.get("form", ""), request.POST.get("text", ""), by)
    except NotFoundError:
        raise
    except DomainError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain; charset=utf-8")
    looking.types(ticket.pk, by)
    return HttpResponse(status=204)


def _kept(request: HttpRequest, by: Principal, reference: str, form: str) -> HttpResponse:
    def verb() -> str:
        drafts.keep(reference, form, request.POST.get("text", request.POST.get(form, "")), by)
        return gettext("Draft kept.")

    return do(request, by, reference, form, verb, forget=())


@require_POST
@on_behalf
def look_away(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """One's page was closed or hidden."""
    looking.looks_away(by_reference(by, reference).pk, by, request.POST.get("look", "")[:40])
    return HttpResponse(status=204)


@require_POST
@on_behalf
def go_on_with(request: HttpRequest, by: Principal, reference: str, draft_id: int) -> HttpResponse:
    """A supervisor goes on with what a colleague who has left was writing."""
    try:
        draft = drafts.go_on_with(reference, draft_id, by)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    messages.success(request, gettext("It is in your own form now: read it, and go on."))
    return redirect(resolve_url("desk:ticket", reference=reference) + f"#{draft.form}-text")


@require_POST
@on_behalf
def go_on(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """One is still on it: what one has in hand on this ticket stays for another while."""
    renew_leases(by_reference(by, reference).pk, by)
    return redirect("desk:ticket", reference=reference)
