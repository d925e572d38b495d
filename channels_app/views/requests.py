"""The list of requests: one's own or one's office's, by state, channel and procedure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from channels_app import card, requests_list, words
from channels_app.views.asking import on_behalf
from contactcenter.accounts.principal import Principal
from contactcenter.procedures.selectors import published
from contactcenter.tickets.listing import with_facts
from contactcenter.tickets.selectors import listed
from contactcenter.tickets.states import State

WHOSE = {"mine": pgettext_lazy("requests", "My own"), "all": pgettext_lazy("requests", "All that I may see")}
STATES = {
    "": pgettext_lazy("requests", "In any state"),
    State.NEW: pgettext_lazy("requests", "New"),
    State.OPEN: pgettext_lazy("requests", "Open"),
    State.WAITING: pgettext_lazy("requests", "Waiting"),
    State.SOLVED: pgettext_lazy("requests", "Solved"),
}


@require_GET
@on_behalf
def requests(request: HttpRequest, by: Principal) -> HttpResponse:
    """Some requests, the newest first; a filter that is none asks for nothing, a place that is none begins anew."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "")[:80] for name in ("whose", "state", "channel", "procedure")
    }
    asked["whose"] = asked["whose"] if asked["whose"] in WHOSE else "mine"
    asked["state"] = asked["state"] if asked["state"] in STATES else ""
    facts = {name: asked[name] for name in ("state", "channel", "procedure")}
    rows = listed(by).filter(with_facts(**facts))
    if asked["whose"] == "mine":
        rows = requests_list.of_mine(rows, by)
    try:
        lines, following = requests_list.page(rows, request.GET.get("before", ""))
    except ValueError:
        lines, following = requests_list.page(rows, "")
    context = {
        "by": by,
        "asked": asked,
        "lines": lines,
        "following": _address(asked, before=following) if following else "",
        "whose": [(word, _address(asked, whose=code), code == asked["whose"]) for code, word in WHOSE.items()],
        "states": [(word, _address(asked, state=code), code == asked["state"]) for code, word in STATES.items()],
        "channels": words.CHANNELS.items(),
        "procedures": sorted((card.procedure_name(one), one.procedure.code) for one in published()),
        "filtered": any(facts.values()) or bool(request.GET.get("before")),
    }
    return render(request, "channels_app/requests.html", context)


def _address(asked: dict[str, str], **others: str) -> str:
    """The same list with one thing asked otherwise."""
    return "?" + urlencode({name: value for name, value in {**asked, **others}.items() if value})
