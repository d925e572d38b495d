"""The end of a call, however and in whatever order it is told: nobody is lost."""

from django.db import transaction
from django.utils import timezone

from contactcenter.intake.services import amend
from contactcenter.routing import calls as live
from contactcenter.routing.models import Kind
from ivr.models import CHANNEL, Call, CallState
from ivr.services import callbacks
from ivr.services.legs import drop_agent
from ivr.services.waiting import abandoned


@transaction.atomic
def end(call: Call) -> None:
    """The person's leg is over; told again, or in another order, nothing more happens."""
    call = Call.objects.locked(call.pk)
    if call.state == CallState.ENDED:
        return
    was = call.state
    call.state, call.ended_at = CallState.ENDED, timezone.now()
    call.save(update_fields=["state", "ended_at"])
    drop_agent(call)
    if call.outgoing:
        callbacks.over(call, reached=was == CallState.CONNECTED)
    elif was == CallState.RECORDING:
        amend(channel=CHANNEL, external_id=call.sid or "", needs=Kind.MESSAGE, receipt=bool(call.number))
    elif was == CallState.CONNECTED:
        if call.work_item_id:
            live.over(call.work_item_id, outcome="served")
        amend(channel=CHANNEL, external_id=call.sid or "", receipt=bool(call.number))
    elif was in (CallState.WAITING, CallState.CONNECTING):
        abandoned(call)
