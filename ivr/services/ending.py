"""The end of a call, however and in whatever order it is told: nobody is lost."""

from datetime import datetime

from django.db import transaction

from contactcenter.intake.services import amend
from contactcenter.routing import calls as live
from contactcenter.routing import services as routing
from ivr import menu
from ivr.models import CHANNEL, Call, CallState, Leg
from ivr.services import callbacks, legs, voicemail
from ivr.services.calls import happened
from ivr.services.waiting import abandoned, chose_no_hour


@transaction.atomic
def conversation_over(call: Call) -> None:
    """The person left the conversation; where we took them out of it, they are on the line."""
    if Call.objects.locked(call.pk).state == CallState.CONNECTED:
        end(call)


def _called_back(call: Call, *, talked: bool) -> None:
    """Whom we called was reached, was not, or was lost again and waits to be called at the old place."""
    if talked or call.connected_at is None:
        callbacks.over(call, reached=talked)
    elif call.work_item_id:
        routing.requeue(call.work_item_id, actor="system", why="leg_lost")


def _left_first(call: Call, at: datetime | None) -> bool:
    """Whether they went before their agent's leg did, whose end followed from that and was told before theirs.

    The provider's clock counts whole seconds; whom it moved back to their place was there still.
    """
    if at is None or call.state != CallState.WAITING or call.connected_at is None:
        return False
    lost = call.legs.filter(kind=Leg.Kind.AGENT, why_ended="lost", over_at__gte=at).exclude(joined_at=None)
    back = [legs.way_back(leg_id) for leg_id in lost.values_list("pk", flat=True)]
    return bool(back) and not call.commands.filter(key__in=back, error="").exclude(done_at=None).exists()


@transaction.atomic
def end(call: Call, *, at: datetime | None = None) -> None:
    """The person's leg is over, by the provider's clock `at`; told again, or in another order, nothing more happens."""
    if call.state == CallState.ENDED:
        return
    call = Call.objects.locked(call.pk)
    if call.state == CallState.ENDED:
        return
    was = CallState.CONNECTED if _left_first(call, at) else call.state
    legs.over(call, at=happened(at))
    legs.drop_agent(call)
    if was == CallState.RECORDING:
        voicemail.left(call)
    elif call.outgoing:
        _called_back(call, talked=was == CallState.CONNECTED)
    elif was == CallState.CONNECTED:
        if call.work_item_id:
            live.over(call.work_item_id, outcome="served")
        amend(channel=CHANNEL, external_id=call.sid or "", receipt=bool(call.number))
    elif call.choice == menu.HOURS:
        chose_no_hour(call)
    elif was in (CallState.WAITING, CallState.CONNECTING):
        abandoned(call)
