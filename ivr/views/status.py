"""What became of a leg."""

import logging

from django.http import HttpRequest, HttpResponse

from ivr.models import Call, Leg
from ivr.services import calls, ending, legs
from ivr.signature import provider_only

log = logging.getLogger(__name__)
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@provider_only
def status(request: HttpRequest) -> HttpResponse:
    """What became of a leg; events come late, twice and in any order, and only an end means something to us."""
    if request.POST.get("CallStatus") in OVER:
        try:
            _ended(request)
        except Exception:
            log.exception("ivr.status_failed")
            return HttpResponse(status=500)  # the provider's own log shows it
    return HttpResponse(status=204)


def _ended(request: HttpRequest) -> None:
    leg_id, call_id = request.GET.get("leg", ""), request.GET.get("call", "")
    if leg_id.isdigit():
        leg = Leg.objects.filter(pk=leg_id).first()
        if leg:
            legs.leg_gone(leg)
        return
    call = (
        Call.objects.filter(pk=call_id).first()
        if call_id.isdigit()
        else calls.find(request.POST.get("CallSid", "")[:64])
    )
    if call:
        ending.end(call)
