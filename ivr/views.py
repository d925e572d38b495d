"""The webhooks: each reads, does one thing, and answers TwiML at once. A caller never hears a stack trace."""

import logging
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from ivr import menu, services, twiml
from ivr.models import Call, Leg
from ivr.signature import provider_only

log = logging.getLogger(__name__)
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
Answer = Callable[[HttpRequest, Call], str]


def _xml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def of_call(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """A webhook about one call. Whatever goes wrong with us, the caller hears an apology and can leave a message."""

    @provider_only
    @wraps(answer)
    def handle(request: HttpRequest) -> HttpResponse:
        try:
            call = _call(request)
            return _xml(answer(request, call) if call else twiml.hang_up())
        except Exception:
            log.exception("ivr.failed", extra={"path": request.path})
            return _xml(twiml.record("fr", "apology"))

    return handle


def _call(request: HttpRequest) -> Call | None:
    """The call a webhook is about, begun where we had not heard of it yet."""
    number = request.GET.get("call", "")
    if number.isdigit():
        return Call.objects.filter(pk=number).select_related("ticket").first()
    sid = request.POST.get("CallSid", "")[:64]
    if not sid or request.POST.get("Direction", "").startswith("outbound"):
        return None  # a leg that we dialled is nobody's request
    known = None if request.path.endswith("/voice") else services.find(sid)
    return known or services.begin(sid, number=request.POST.get("From", "")[:80], line=request.POST.get("To", "")[:80])


@of_call
def voice(request: HttpRequest, call: Call) -> str:
    """The telephone rings: the ticket exists from this second on."""
    return twiml.ask(menu.FIRST, call.language)


@of_call
def fallback(request: HttpRequest, call: Call) -> str:
    """We failed a moment ago: an apology, and a message."""
    services.start_message(call)
    return twiml.record(call.language, "apology")


@of_call
def choose(request: HttpRequest, call: Call) -> str:
    """An answer in the menu, or none."""
    tries = request.GET.get("tries", "")
    step = menu.answer(
        request.GET.get("node", ""), request.POST.get("Digits", ""), int(tries) if tries.isdigit() else 0
    )
    services.learn(call, language=step.language, procedure=step.procedure)
    language = step.language or call.language
    if step.to not in menu.ENDS:
        return twiml.ask(step.to, language, step.tries)
    return _end_of_menu(call, step.to, language)


def _end_of_menu(call: Call, to: str, language: str) -> str:
    if to == menu.WAIT:
        services.wait(call)
        return twiml.enqueue("waiting")
    if to == menu.CALLBACK and services.promise_callback(call):
        return twiml.callback_promised(language, call.ticket.reference)
    services.start_message(call)
    return twiml.record(language, "no_number" if to == menu.CALLBACK else "message")


@of_call
def waiting(request: HttpRequest, call: Call) -> str:
    """What a parked caller hears."""
    return twiml.waiting(call.language)


@of_call
def wait_key(request: HttpRequest, call: Call) -> str:
    """A key while waiting: 2 a callback, 3 a message; any other goes on waiting."""
    choice = {"2": menu.CALLBACK, "3": menu.MESSAGE}.get(request.POST.get("Digits", "")[:1])
    if choice is None:
        return twiml.back_to_waiting()
    Call.objects.filter(pk=call.pk).update(choice=choice)
    return twiml.leave()


@of_call
def queued(request: HttpRequest, call: Call) -> str:
    """The caller left the parking place: by their own key, by hanging up, or because we moved them."""
    result = request.POST.get("QueueResult", "")
    if result == "hangup":
        services.end(call)
        return twiml.nothing()
    if result == "leave" and call.choice:
        return _end_of_menu(call, call.choice, call.language)
    if result in ("error", "system-error", "queue-full"):
        return _end_of_menu(call, menu.CALLBACK, call.language)
    return twiml.nothing()


@of_call
def recorded(request: HttpRequest, call: Call) -> str:
    """The caller stopped speaking, hung up, or said nothing."""
    services.take_message(call, recording=request.POST.get("RecordingSid", ""))
    return twiml.thanks(call.language, call.ticket.reference)


@of_call
def recording(request: HttpRequest, call: Call) -> str:
    """The audio is there to be fetched."""
    if request.POST.get("RecordingStatus") == "completed":
        services.fetch(call, request.POST.get("RecordingSid", ""))
    return twiml.nothing()


@of_call
def join(request: HttpRequest, call: Call) -> str:
    """The person comes into the conversation."""
    services.connected(call)
    return twiml.join(call.room, call.language, "called_back" if call.outgoing else "connecting", ends=True)


@of_call
def park(request: HttpRequest, call: Call) -> str:
    """The agent was lost: the caller waits again at the original place."""
    return twiml.enqueue("waiting")


@provider_only
def left(request: HttpRequest) -> HttpResponse:
    """A leg, the agent's or the person's, left the conference: the conversation is over for it."""
    return _xml(twiml.hang_up())


@of_call
def agent(request: HttpRequest, call: Call) -> str:
    """The agent's leg is up."""
    number = request.GET.get("leg", "")
    leg = Leg.objects.filter(pk=number, call=call).first() if number.isdigit() else None
    if leg is None:
        return twiml.hang_up()
    services.agent_answered(leg, request.POST.get("CallSid", ""))
    return twiml.join(call.room, "fr", "agent", ends=False)


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
            services.agent_gone(leg)
        return
    call = (
        Call.objects.filter(pk=call_id).first()
        if call_id.isdigit()
        else services.find(request.POST.get("CallSid", "")[:64])
    )
    if call:
        services.end(call)


@provider_only
def sms(request: HttpRequest) -> HttpResponse:
    """A text message came in."""
    sid = request.POST.get("MessageSid", "")[:64]
    if sid:
        services.text_received(
            sid,
            number=request.POST.get("From", "")[:80],
            line=request.POST.get("To", "")[:80],
            text=request.POST.get("Body", "")[:10_000],
        )
    return _xml(twiml.nothing())


@provider_only
def sms_status(request: HttpRequest) -> HttpResponse:
    """What became of a text message of ours."""
    services.text_reported(request.GET.get("delivery", ""), request.POST.get("MessageStatus", ""))
    return HttpResponse(status=204)
