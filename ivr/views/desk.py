"""What is done to a live call from its ticket's page: one verb each, then the page again."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.desk.whereto import agent_named, queue_named
from contactcenter.errors import DomainError, InvalidError, NotFoundError
from contactcenter.ids import id_in
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.selectors import visible
from ivr.models import Call, Leg
from ivr.reading import call_named
from ivr.services import bad_line, calling, conversations, guests, taping, transfers

Act = Callable[[HttpRequest, Call, Principal], Call]


@require_POST
def act(request: HttpRequest, sid: str, verb: str) -> HttpResponse:
    """Do one thing to a call; a refusal is told on the page."""
    if verb not in VERBS:
        raise Http404
    by = _by(request)
    return _back(request, by, lambda: VERBS[verb](request, _call(sid, by), by), _call(sid, by).ticket.reference)


@require_POST
def call(request: HttpRequest, reference: str) -> HttpResponse:
    """Call a ticket's person now."""
    by = _by(request)
    return _back(request, by, lambda: calling.call_now(reference, by), reference)


def _by(request: HttpRequest) -> Principal:
    by = principal_for(cast("User", request.user))  # LoginRequired let them in
    if not by.may_write:
        raise PermissionDenied(_("An auditor reads; changing something is for agents."))
    return by


def _call(sid: str, by: Principal) -> Call:
    try:
        return call_named(sid, by)
    except NotFoundError as error:
        raise Http404(str(error)) from error


def _back(request: HttpRequest, by: Principal, verb: Callable[[], Call], reference: str) -> HttpResponse:
    try:
        verb()
    except NotFoundError as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
    if not visible(by).filter(reference=reference).exists():  # one has just passed it out of one's own sight
        return redirect("desk:desk")
    return redirect("desk:ticket", reference=reference)


def _transfer(request: HttpRequest, call: Call, by: Principal) -> Call:
    kind, _colon, name = request.POST.get("to", "").partition(":")
    queue = queue_named(name, by) if kind == "queue" else None
    agent = agent_named(name, by) if kind == "agent" else None
    warm = request.POST.get("warm") == "yes"
    return transfers.transfer(call, by, queue=queue, agent=agent, warm=warm, text=request.POST.get("text", "")[:20_000])


def _bad_line(request: HttpRequest, call: Call, by: Principal) -> Call:
    do = bad_line.CALL_BACK if request.POST.get("do") == bad_line.CALL_BACK else bad_line.SWAP
    return bad_line.bad_line(call, by, do=do, to=request.POST.get("to", "").strip()[:120])


def _bring_in(request: HttpRequest, call: Call, by: Principal) -> Call:
    number = id_in(request.POST.get("id", ""))
    if number is None:
        raise InvalidError(_("This third party is not on the list."))
    return guests.bring_in(call, number, by)


def _supervise(request: HttpRequest, call: Call, by: Principal) -> Call:
    mode = request.POST.get("mode", "")
    if mode == guests.LEAVE:
        return guests.leave(call, by)
    return guests.supervise(call, by, mode if mode in Leg.Mode.values else Leg.Mode.LISTEN)


def _recording(request: HttpRequest, call: Call, by: Principal) -> Call:
    do = request.POST.get("do", "")
    return taping.refuse(call, by) if do == "erase" else taping.pause(call, by, on=do == "pause")


VERBS: dict[str, Act] = {
    "hold": lambda _request, call, by: conversations.hold(call, by),
    "resume": lambda _request, call, by: conversations.resume(call, by),
    "mute": lambda request, call, by: conversations.mute(call, by, on=request.POST.get("on") != "no"),
    "transfer": _transfer,
    "bad-line": _bad_line,
    "third-party": _bring_in,
    "supervise": _supervise,
    "recording": _recording,
}
