"""A webhook about one call: read, done in one verb, answered with TwiML at once, whatever is away."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from contactcenter.pulse import pulse
from ivr import addresses, outage, spool, twiml
from ivr.models import Call
from ivr.prompts import FIRST
from ivr.services import calls, doors, hearing
from ivr.signature import provider_only
from ivr.views.meeting import together

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest, Call], str]

TOKEN = "I-Twilio-Idempotency-Token"  # noqa: S105  # a header's name
KEPT_AT = "ivr.kept_at"  # in the environment of a request that we ask again: when it was told, in seconds
LANGUAGE = "call-language"  # a cookie of the call's own, for when nothing else is known of it
LIMIT_S = 2.0  # the caller hears silence meanwhile
AT_ONCE_S = 0.5  # a connection that had died before is known at once, and a new one is tried
AWAY = (OperationalError, InterfaceError)


class Unheard(Exception):  # noqa: N818  # somebody else's error, in our words
    """The database is away, and this request had been kept before: it stays kept."""


def xml(document: str) -> HttpResponse:
    """A document for the provider."""
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def of_call(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
    """A webhook about one call. Whatever goes wrong with us, the caller hears an apology and can leave a message."""

    def say(request: HttpRequest) -> tuple[str, str]:
        call = _call(request)
        said = answer(request, call) if call else twiml.hang_up()
        return said, call.language if call else ""

    return _webhook(answer, say)


def of_event(hear: Callable[[HttpRequest], str | None]) -> Callable[[HttpRequest], HttpResponse]:
    """A webhook that tells us something: kept for later where we cannot take it in now."""
    return _webhook(hear, lambda request: (hear(request) or "", ""))


def _webhook(
    view: Callable[..., object], say: Callable[[HttpRequest], tuple[str, str]]
) -> Callable[[HttpRequest], HttpResponse]:
    @provider_only
    @wraps(view)
    def handle(request: HttpRequest) -> HttpResponse:
        if pulse.is_away:
            return _blindly(request)
        try:
            with pulse.working(LIMIT_S):
                return _answered(request, say)
        except AWAY as error:
            log.warning("ivr.database_away", extra={"path": request.path, "error": type(error).__name__})
            pulse.suspect()
            return _blindly(request)
        except Exception:
            log.exception("ivr.failed", extra={"path": request.path})
            if is_replayed(request):
                raise
            return _apology(request)

    return handle


def _answered(request: HttpRequest, say: Callable[[HttpRequest], tuple[str, str]]) -> HttpResponse:
    began = time.monotonic()
    try:
        return _said(request, say)
    except AWAY:
        if time.monotonic() - began > AT_ONCE_S or connection.in_atomic_block:
            raise
        connection.close()
        return _said(request, say)


def _said(request: HttpRequest, say: Callable[[HttpRequest], tuple[str, str]]) -> HttpResponse:
    language = ""

    def answer() -> str:
        nonlocal language
        said, language = say(request)
        return said

    key = hearing.key_of(mark_of(request), request.get_full_path(), request.POST.get("CallSid", "-"))
    document = hearing.once(key, answer) if key else answer()
    response = xml(document) if document else HttpResponse(status=204)
    return _remembering(response, request, language)


def _remembering(response: HttpResponse, request: HttpRequest, language: str) -> HttpResponse:
    """The call brings its language along from now on."""
    if language and language != request.COOKIES.get(LANGUAGE):
        response.set_cookie(LANGUAGE, language, path="/ivr/", httponly=True, secure=request.is_secure())
    return response


def mark_of(request: HttpRequest) -> str:
    """What the provider sends again with a request that it makes again; of an event, its place in the call's story."""
    sequence = request.POST.get("SequenceNumber", "")
    told = f"{request.POST.get('CallStatus', '')}{request.POST.get('StatusCallbackEvent', '')}"
    return request.headers.get(TOKEN, "")[:128] or (f"{sequence}:{told}" if sequence else "")


def is_replayed(request: HttpRequest) -> bool:
    """Whether this one had been kept while the database was away, and is asked again by ourselves."""
    return KEPT_AT in request.META


def kept_at(request: HttpRequest) -> datetime | None:
    """When this one was told us, where it had been kept; None of what is told now."""
    return datetime.fromtimestamp(request.META[KEPT_AT], UTC) if is_replayed(request) else None


def _blindly(request: HttpRequest) -> HttpResponse:
    """Kept first, then answered with what can be said by itself."""
    if is_replayed(request):
        raise Unheard
    name = request.path.rpartition("/")[2]
    try:
        spool.keep(spool.Spooled(path=request.get_full_path(), params=request.POST.dict(), token=mark_of(request)))
    except OSError:
        log.exception("ivr.not_kept", extra={"path": request.path})
        if name in EVENTS:  # the provider's own log shows it; a caller gets an answer all the same
            return HttpResponse(status=500)
    if name in EVENTS:
        return HttpResponse(status=204)
    return _without_knowing(request, name)


def _without_knowing(request: HttpRequest, name: str) -> HttpResponse:
    offer = doors.last_offer(request.POST.get("To", ""))
    query, params = request.GET.dict(), request.POST.dict()
    known = request.COOKIES.get(LANGUAGE, "")
    language = outage.chosen(query, params, offer) or known
    return _remembering(xml(outage.document(name, query, params, language, offer)), request, language)


def _apology(request: HttpRequest) -> HttpResponse:
    """Something of ours broke: who waits goes on waiting, a leg ends and the person waits for somebody else."""
    name = request.path.rpartition("/")[2]
    if name in EVENTS:
        return HttpResponse(status=500)
    if name == "voice":  # the menu may be broken as well
        return xml(twiml.record(FIRST, "apology"))
    met = _met(request) if outage.meets(name, request.GET.dict(), request.POST.dict()) else ""
    return xml(met) if met else _without_knowing(request, name)


def _met(request: HttpRequest) -> str:
    """They meet all the same, and it is kept that they did; "" where that is what broke."""
    try:
        call = _call(request)
        return together(call) if call else ""
    except Exception:
        log.exception("ivr.not_met", extra={"path": request.path})
        return ""


EVENTS = frozenset({"status", "sms-status", "recording", "tape"})


def _call(request: HttpRequest) -> Call | None:
    """The call a webhook is about, begun where we had not heard of it yet."""
    number = addresses.number(request.GET.get("call", ""))
    if number:
        return Call.objects.known(number)
    sid = request.POST.get("CallSid", "")[:64]
    if request.POST.get("Direction", "").startswith("outbound"):
        return Call.objects.named(sid)  # whom we called; another leg that we dialled is nobody's request
    if not sid:
        return None
    known = None if request.path.endswith("/voice") else Call.objects.named(sid)
    caller, line = (request.POST.get(name, "")[:80] for name in ("From", "To"))
    return known or calls.begin(sid, number=caller, line=line, at=kept_at(request))
