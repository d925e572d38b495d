"""The search page: one field, the newest first, with what was found around the words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from channels_app import words
from channels_app.views.asking import on_behalf
from contactcenter.accounts.principal import Principal
from contactcenter.desk import tagging
from contactcenter.errors import InvalidError
from contactcenter.ids import id_in
from contactcenter.search import selectors

SHOWN = 30


@require_GET
@on_behalf
def search(request: HttpRequest, by: Principal) -> HttpResponse:
    """What was found, or a sentence that says what to type."""
    q, before = request.GET.get("q", ""), id_in(request.GET.get("before", ""))
    tag = tagging.cleaned(request.GET.get("tag", "")[:60])
    context: dict[str, object] = {"by": by, "q": q[:1000], "tag": tag, "asked": bool(q or tag)}
    context["known_tags"] = tagging.known_tags(by)
    if q:
        try:
            hits, following = selectors.search(by, q, limit=SHOWN, before=before, tag=tag)
        except InvalidError as error:
            return render(request, "channels_app/search.html", context | {"refusal": str(error)})
        context |= {"hits": [_line(hit) for hit in hits], "following": following}
    elif tag:
        hits, following = selectors.tagged(by, tag, limit=SHOWN, before=before)
        context |= {"hits": [_line(hit) for hit in hits], "following": following}
    return render(request, "channels_app/search.html", context)


def _line(hit: selectors.Hit) -> tuple[selectors.Hit, str, object]:
    return hit, words.digits(hit.ticket.reference), words.WHERE[hit.where]
