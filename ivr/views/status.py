"""What became of a leg."""

from django.http import HttpRequest

from ivr import addresses
from ivr.models import Call, Leg
from ivr.provider import OVER, moment
from ivr.services import ending, legs, standing
from ivr.views.answering import kept_at, of_event


@of_event
def status(request: HttpRequest) -> None:
    """What became of a leg; events come late, twice and in any order, and only an end means something to us."""
    if request.POST.get("CallStatus") not in OVER:
        return
    leg_id, call_id = (addresses.number(request.GET.get(name, "")) for name in ("leg", "call"))
    sid, at = request.POST.get("CallSid", "")[:64], moment(request.POST.dict(), "Timestamp")
    if leg_id:
        leg = Leg.objects.filter(pk=leg_id).first()
        if leg and leg.sid in ("", sid):  # else a second leg of one dial, whose answer was lost, ended
            legs.named(leg, sid)
            legs.leg_gone(standing.follower(leg) or leg, at=at)
        return
    call = Call.objects.known(call_id) if call_id else Call.objects.named(sid)
    if call and call.sid in (None, "", sid):
        ending.end(call, at=at or kept_at(request))
