"""Recorded conversations: what the person is told, what the provider tells, and who listens."""

from typing import cast

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from contactcenter.accounts.models import User
from contactcenter.routing.selectors import principal_for
from contactcenter.tickets.selectors import visible
from ivr import addresses, menu, rooms, sealed, twiml
from ivr.models import Call
from ivr.services import tapes, taping
from ivr.sids import is_sid
from ivr.tapes import Tape
from ivr.views.answering import of_call, of_event
from ivr.views.legs import meet
from ivr.views.menu import keyed, tries


@of_call
def notice(request: HttpRequest, call: Call) -> str:
    """The person heard that it will be recorded: one key refuses, another says it again, none lets it be."""
    key, then, heard = keyed(request)[:1], request.GET.get("then", ""), tries(request) + 1
    if key == menu.REPEAT and heard < menu.MOST_TRIES:
        return rooms.notice(call.pk, call.language, then, slow=call.slow, tries=heard)
    refused = key == rooms.REFUSES
    taping.was_told(call, refused=refused)
    before = [twiml.say("not_taped", call.language)] if refused else []
    return meet(call, before) if then == rooms.JOIN else twiml.enqueue(before)


@of_event
def tape(request: HttpRequest) -> None:
    """What became of a recording: told late, twice, in any order. Its address is never read, its id alone."""
    number, sid = addresses.number(request.GET.get("tape", "")), request.POST.get("RecordingSid", "")
    if not is_sid(sid) or not Tape.objects.filter(pk=number).exists():
        return
    status = request.POST.get("RecordingStatus", "")
    if status == "in-progress":
        tapes.runs(number, sid)
    elif status == "completed":
        tapes.ended(number, sid, tapes.whole_seconds(request.POST.get("RecordingDuration", "")))
    elif status in ("absent", "failed"):
        tapes.came_to_nothing(number, Tape.Trouble.START if status == "failed" else "")


@require_GET
def listen(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The audio, for whom it was recorded for; that they listened stays on the ticket."""
    by = principal_for(cast("User", request.user))  # LoginRequired let them in
    rows = Tape.objects.filter(state=Tape.State.KEPT, call__ticket__in=visible(by)).select_related("call")
    tape = get_object_or_404(rows, pk=number)
    if not tapes.may_play(tape, by):
        raise Http404
    try:
        audio = sealed.read(tape.file, tape.key)
    except OSError as error:
        raise Http404("This file is not kept here.") from error
    tapes.played(tape, by)
    response = StreamingHttpResponse(audio, content_type="audio/wav")
    response["Content-Length"] = str(tape.size)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
