"""What is offered: shown at once, accepted or passed on with one key."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from channels_app import offered as offers_shown
from channels_app.reading_again import on_behalf_of_reader
from channels_app.views.asking import on_behalf
from channels_app.views.desk import refused
from contactcenter.accounts.principal import Principal
from contactcenter.desk import work
from contactcenter.errors import DomainError
from contactcenter.routing import offers
from contactcenter.routing.readers import Reader


@require_GET
@on_behalf_of_reader
def offered(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The offers alone, which an open page re-reads; a header tells what its reader is taken for."""
    response = render(request, "channels_app/_offers.html", {"offers": offers_shown.to(reader.by)})
    if reader.presence:
        response["Presence"] = reader.presence.value
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@on_behalf
def accept(request: HttpRequest, by: Principal, offer_id: int) -> HttpResponse:
    """Take it; a caller is connected."""
    try:
        taken = work.accept(offer_id, by)
    except DomainError as error:
        return refused(request, by, error)
    return redirect("desk:ticket", reference=taken.work_item.ticket.reference)


@require_POST
@on_behalf
def decline(request: HttpRequest, by: Principal, offer_id: int) -> HttpResponse:
    """Pass it on; it is back at its place at once."""
    offers.decline(offer_id, by)
    messages.info(request, gettext("Passed on: it is back at its place, and goes to somebody else."))
    return redirect("desk:desk")
