"""The search page: one field, the newest first, with what was found around the words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from channels_app import words
from channels_app.views.asking import on_behalf
from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError
from contactcenter.search import selectors

SHOWN = 30


@require_GET
@on_behalf
def search(request: HttpRequest, by: Principal) -> HttpResponse:
    """What was found, or a sentence that says what to type."""
    q, place = request.GET.get("q", ""), request.GET.get("before", "")
    before = int(place) if place.isdecimal() and len(place) < 19 else None
    context: dict[str, object] = {"by": by, "q": q[:1000], "asked": bool(q)}
    if q:
        try:
            hits, following = selectors.search(by, q, limit=SHOWN, before=before)
        except InvalidError as error:
            return render(request, "channels_app/search.html", context | {"refusal": str(error)})
        context |= {
            "hits": [(hit, words.digits(hit.ticket.reference), words.WHERE[hit.where]) for hit in hits],
            "following": following,
        }
    return render(request, "channels_app/search.html", context)
