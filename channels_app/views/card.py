"""The right column alone, and what is said in it with one click: a piece held or missing, what showed who it is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from channels_app import card as column
from channels_app import story
from channels_app.views.asking import on_behalf
from channels_app.views.verbs import do
from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point
from contactcenter.desk import completing, pieces, proving
from contactcenter.desk.reading import trace
from contactcenter.people.assurance import KINDS
from contactcenter.people.models import ContactPoint
from contactcenter.tickets.selectors import by_reference

TRUE_FOR = 60  # seconds after which what runs is told anew, though nothing happened


@require_GET
@on_behalf
def card(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """The right column, which an open page re-reads; 304 while nothing has changed."""
    found, now = by_reference(by, reference), timezone.now()
    trace(found, by)
    minute = int(now.timestamp() // TRUE_FOR)
    tag = f'"{by.user_id}~{get_language()}~{found.pk}~{story.newest_event(found)}~{minute}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    with timezone.override(found.office.zone):
        context = {"ticket": found, "by": by, **column.aside(found, by, now)}
        response = render(request, "channels_app/_card.html", context)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@on_behalf
def piece(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Say that a document is held, or that it is missing."""

    def verb() -> str:
        word, _space, code = request.POST.get("mark", "").partition(" ")
        held = word == "yes"
        pieces.mark(reference, code, by, held=held)
        return gettext("Noted: held.") if held else gettext("Noted: missing.")

    return do(request, by, reference, "pieces", verb, forget=())


@require_POST
@on_behalf
def evidence(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Note what showed who the person is."""

    def verb() -> str:
        seen = proving.note_evidence(reference, request.POST.get("kind", ""), by)
        return gettext("Noted: %(evidence)s.") % {"evidence": KINDS[seen.kind].label}

    return do(request, by, reference, "identity", verb, forget=())


@require_POST
@on_behalf
def withdraw(request: HttpRequest, by: Principal, reference: str, evidence_id: int) -> HttpResponse:
    """Take back what was noted by mistake."""

    def verb() -> str:
        proving.take_back_evidence(reference, evidence_id, by)
        return gettext("Taken back.")

    return do(request, by, reference, "identity", verb, forget=())


@require_POST
@on_behalf
def person(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Complete the card: the name, further addresses and numbers."""

    def verb() -> str:
        post = request.POST
        points = [Point(kind=kind, value=post[kind]) for kind in ContactPoint.Kind.values if post.get(kind, "").strip()]
        fresh = completing.complete(reference, by, name=post.get("full_name", ""), was=post.get("was"), points=points)
        if any(point.kind == ContactPoint.Kind.ADDRESS for point in fresh):
            return gettext("Noted. A letter can be sent now.")
        return gettext("Noted on the card.")

    return do(request, by, reference, "person", verb, forget=())


@require_POST
@on_behalf
def correct(request: HttpRequest, by: Principal, reference: str, point_id: int) -> HttpResponse:
    """Put an address or number right."""

    def verb() -> str:
        completing.correct(reference, point_id, request.POST.get("value", ""), by)
        return gettext("Put right; answers go there from now on.")

    return do(request, by, reference, f"point-{point_id}", verb, forget=())


@require_POST
@on_behalf
def unhurried(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Say that the person needs more time on the telephone, or no longer."""

    def verb() -> str:
        wanted = request.POST.get("unhurried") == "yes"
        proving.give_time(reference, by, unhurried=wanted)
        return (
            gettext("Noted: the telephone gives them three times the time.")
            if wanted
            else gettext("Noted: the telephone gives them the usual time.")
        )

    return do(request, by, reference, "identity", verb, forget=(), missing=True)


@require_POST
@on_behalf
def shared(request: HttpRequest, by: Principal, reference: str, point_id: int) -> HttpResponse:
    """Say that several people use a number or address, or that one alone does."""

    def verb() -> str:
        point = proving.mark_shared(reference, point_id, by, shared=request.POST.get("shared") == "yes")
        return gettext("Noted: several people use it.") if point.shared else gettext("Noted: this person's alone.")

    return do(request, by, reference, "identity", verb, forget=())
