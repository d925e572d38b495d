"""Incidents: faults of online services, linked to tickets in one key, told as mended to all at once."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from channels_app.views.asking import on_behalf, status_of
from channels_app.views.verbs import do
from contactcenter.accounts.principal import Principal
from contactcenter.desk import incidents as faults
from contactcenter.desk.models import Incident
from contactcenter.errors import DomainError, NotFoundError

SHOWN, MENDED_SHOWN = 50, 20


@require_GET
@on_behalf
def incidents(request: HttpRequest, by: Principal) -> HttpResponse:
    """What does not work, and what is mended; the newest first."""
    return _page(request, by)


@require_POST
@on_behalf
def open_incident(request: HttpRequest, by: Principal) -> HttpResponse:
    """Give a fault its number."""
    try:
        made = faults.open_incident(request.POST.get("title", ""), request.POST.get("text", ""), by)
    except DomainError as error:
        return _page(request, by, error)
    facts = {"number": made.number}
    messages.success(request, gettext("Incident %(number)s is open. Say this number to whoever asks.") % facts)
    return redirect("desk:incidents")


@require_POST
@on_behalf
def link(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Note that an incident caused this ticket."""

    def verb() -> str:
        number = request.POST.get("number", "")
        faults.link(number, [reference], by)
        return gettext("Linked to incident %(number)s: the person will be told when it is mended.") % {"number": number}

    return do(request, by, reference, "incident", verb, forget=(), missing=True)


@require_POST
@on_behalf
def mended(request: HttpRequest, by: Principal, number: str) -> HttpResponse:
    """It works again: everybody it hit is told once."""
    try:
        told = len(faults.mended(number, request.POST.get("text", ""), by))
    except NotFoundError:
        raise
    except DomainError as error:
        return _page(request, by, error, refused=number)
    sentence = ngettext("Mended: %(n)d person is told.", "Mended: %(n)d people are told.", told)
    messages.success(request, sentence % {"n": told})
    return redirect("desk:incidents")


def _page(request: HttpRequest, by: Principal, error: DomainError | None = None, *, refused: str = "") -> HttpResponse:
    """What was typed is shown again where it was: in the form of the incident `refused`, else in that of a new one."""
    rows = Incident.objects.annotate(tickets=Count("links")).order_by("-opened_at")
    context = {
        "by": by,
        "standing": (standing := rows.filter(mended_at=None)[: SHOWN + 1])[:SHOWN],
        "past": rows.exclude(mended_at=None).order_by("-mended_at")[:MENDED_SHOWN],
        "more": SHOWN if len(standing) > SHOWN else 0,
        "refusal": str(error) if error else "",
        "refused": refused,
        "typed": request.POST.dict(),
    }
    return render(request, "channels_app/incidents.html", context, status=status_of(error) if error else 200)
