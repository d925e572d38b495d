"""The page on which an agent's browser is their telephone."""

import json
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from contactcenter.accounts.models import User
from contactcenter.routing.selectors import principal_for
from ivr import browser_phone
from ivr.services import proofs, standing
from ivr.services.agent_lines import browser_name


@require_GET
def phone(request: HttpRequest) -> HttpResponse:
    """The telephone; where none can be, how else one is called."""
    agent_id = _agent(request)
    context = {
        "is_set_up": browser_phone.is_set_up(),
        "edge": settings.TWILIO_EDGE,
        "keeps_open": standing.is_on(agent_id),
        "stands": standing.of(agent_id),
        "minutes": standing.IDLE // timedelta(minutes=1),
    }
    return render(request, "ivr/phone.html", context)


@require_GET
def token(request: HttpRequest) -> HttpResponse:
    """A token for one hour, for this agent's browser alone."""
    agent_id = _agent(request)
    if not browser_phone.is_set_up():
        return JsonResponse({"detail": _("Browsers are no telephones here yet; ask who runs the service.")}, status=503)
    told = {"token": browser_phone.token_of(agent_id), "identity": browser_name(agent_id)}
    lasts = int(browser_phone.LASTS.total_seconds())
    return JsonResponse(told | {"expires_in": lasts}, headers={"Cache-Control": "no-store"})


@require_GET
def sdk(request: HttpRequest) -> HttpResponse | FileResponse:
    """The vendor's SDK, from our own address."""
    _agent(request)
    if not browser_phone.sdk().is_file():
        raise Http404
    return FileResponse(browser_phone.sdk().open("rb"), content_type="text/javascript")


@require_POST
def proved(request: HttpRequest) -> HttpResponse:
    """The preflight went well and the microphone hears something: as good as digit and voice on a telephone."""
    agent_id = _agent(request)
    try:
        told = json.loads(request.body or b"{}")
        level, preflight = float(told["level"]), told["preflight"]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"detail": _("Say how the preflight went, and how loud the microphone is.")}, status=422)
    if preflight != "passed" or not proofs.QUIETEST < level <= 1:
        return JsonResponse({"detail": _("Your microphone cannot be heard: choose another.")}, status=422)
    proofs.keep(agent_id, f"client:{browser_name(agent_id)}")
    return HttpResponse(status=204)


@require_POST
def standing_line(request: HttpRequest) -> HttpResponse:
    """Keep the line open between calls from now on, or no longer; or hang up what stands, for now."""
    agent_id = _agent(request)
    do = request.POST.get("do", "")
    if do == "hang-up":
        standing.end(agent_id)
    else:
        standing.turn(agent_id, on=do == "on")
    return redirect("phone-page")


def _agent(request: HttpRequest) -> int:
    by = principal_for(cast("User", request.user))  # LoginRequired let them in
    if by.agent_id is None or not by.may_write:
        raise PermissionDenied(_("Only who answers calls has a telephone."))
    return by.agent_id
