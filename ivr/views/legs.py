"""Person and agent come together, and part."""

from django.http import HttpRequest, HttpResponse

from ivr import twiml
from ivr.models import Call, Leg
from ivr.services import legs
from ivr.signature import provider_only
from ivr.views.answering import of_call, xml


@of_call
def join(request: HttpRequest, call: Call) -> str:
    """The person comes into the conversation."""
    legs.connected(call)
    return twiml.join(call.room, call.language, "called_back" if call.outgoing else "connecting", ends=True)


@provider_only
def left(request: HttpRequest) -> HttpResponse:
    """A leg, the agent's or the person's, left the conference: the conversation is over for it."""
    return xml(twiml.hang_up())


@of_call
def agent(request: HttpRequest, call: Call) -> str:
    """The agent's leg is up."""
    number = request.GET.get("leg", "")
    leg = Leg.objects.filter(pk=number, call=call).first() if number.isdigit() else None
    if leg is None:
        return twiml.hang_up()
    legs.agent_answered(leg, request.POST.get("CallSid", ""))
    return twiml.join(call.room, "fr", "agent", ends=False)
