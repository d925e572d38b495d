"""What one is writing is kept as one writes; writing is work, and renews the lease."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from channels_app.views.asking import on_behalf, status_of
from contactcenter.accounts.principal import Principal
from contactcenter.desk import drafts
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.routing.services import renew_leases
from contactcenter.tickets.selectors import by_reference


@require_POST
@on_behalf
def keep(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Keep it; 204, since the page shows it already."""
    try:
        drafts.keep(reference, request.POST.get("form", ""), request.POST.get("text", ""), by)
    except NotFoundError:
        raise
    except DomainError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_POST
@on_behalf
def go_on(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """One is still on it: what one has in hand on this ticket stays for another while."""
    renew_leases(by_reference(by, reference).pk, by)
    return redirect("desk:ticket", reference=reference)
