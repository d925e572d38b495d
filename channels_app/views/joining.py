"""Two requests put together, one taken apart, and both undone, from the ticket's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from channels_app import words
from channels_app.views.asking import on_behalf
from channels_app.views.desk import refused
from channels_app.views.ticket import picked
from channels_app.views.verbs import do
from contactcenter.accounts.principal import Principal
from contactcenter.desk import joining
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.tickets.models import Undo
from contactcenter.tickets.reference import cleaned


@require_POST
@on_behalf
def merge(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Put this request into another."""

    def verb() -> str:
        return _told(joining.merge(reference, cleaned(request.POST.get("into", "")[:40]), by))

    return do(request, by, reference, "join", verb, forget=(), missing=True)


@require_POST
@on_behalf
def split(request: HttpRequest, by: Principal, reference: str) -> HttpResponse:
    """Take some of what was said onto a request of its own."""

    def verb() -> str:
        done = joining.split(reference, picked(request), by, subject=request.POST.get("subject", ""))
        other = words.digits(done.other.reference)
        return gettext("Taken apart: %(other)s is a request of its own. It can be undone: key U.") % {"other": other}

    return do(request, by, reference, "join", verb, forget=())


@require_POST
@on_behalf
def undo(request: HttpRequest, by: Principal, undo_id: int) -> HttpResponse:
    """Put both requests back as they stood."""
    try:
        done = joining.undo(undo_id, by)
    except NotFoundError:
        raise
    except DomainError as error:
        return refused(request, by, error)
    messages.success(request, gettext("Undone: both requests stand as before."))
    return redirect("desk:ticket", reference=done.ticket.reference)


def _told(done: Undo) -> str:
    """What was put together; that two people have it now is said, since each may be answered in the other's matter."""
    one, other = (ticket.person.name if ticket.person else "" for ticket in (done.ticket, done.other))
    about = {"other": words.digits(done.other.reference), "mine": one, "theirs": other}
    if one and other and done.ticket.person_id != done.other.person_id:
        return (
            gettext("Put together with %(other)s, but of two people: %(mine)s and %(theirs)s. A mistake? Undo: key U.")
            % about
        )
    return gettext("Put together with %(other)s. It can be undone: key U.") % about
