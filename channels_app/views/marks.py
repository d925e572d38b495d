"""Tags on a ticket, and its links to others."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from channels_app import words
from channels_app.views.asking import on_behalf
from channels_app.views.verbs import do
from contactcenter.accounts.principal import Principal
from contactcenter.desk import linking, tagging
from contactcenter.tickets.reference import cleaned


@require_POST
@on_behalf
def tag(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Put a tag on, or take one off."""

    def verb() -> str:
        off = request.POST.get("off", "")
        if off:
            tagging.untag(reference, off, by)
            return gettext("Tag taken off.")
        tagging.tag(reference, request.POST.get("name", "")[:200], by)
        return gettext("Tagged.")

    return do(request, by, reference, "tags", verb, forget=())


@require_POST
@on_behalf
def link(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Link another request, or take a link away."""

    def verb() -> str:
        post = request.POST
        if post.get("off"):
            linking.unlink(reference, post["off"][:40], by)
            return gettext("Link taken away.")
        linking.link(reference, post.get("other", "")[:40], post.get("word", "")[:1000], by)
        other = {"other": words.digits(cleaned(post.get("other", "")[:40]))}
        return gettext("Linked to %(other)s; both show it.") % other

    return do(request, by, reference, "links", verb, forget=(), missing=True)
