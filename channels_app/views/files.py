"""Originals and enclosures, handed out unchanged and harmless."""

from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from channels_app.views.asking import on_behalf
from contactcenter import vault
from contactcenter.accounts.principal import Principal
from contactcenter.desk.reading import trace
from contactcenter.tickets.models import Attachment, Interaction
from contactcenter.tickets.selectors import visible

PLAYABLE = frozenset({"audio/mpeg", "audio/wav", "audio/x-wav", "audio/ogg", "audio/mp4", "audio/webm"})


@require_GET
@on_behalf
def attachment(request: HttpRequest, by: Principal, attachment_id: int) -> HttpResponse:
    """An enclosure, to be saved; audio may be played in the page."""
    rows = Attachment.objects.filter(interaction__ticket__in=visible(by))
    file = get_object_or_404(rows.select_related("interaction__ticket"), pk=attachment_id)
    trace(file.interaction.ticket, by)
    audio = file.content_type in PLAYABLE
    content_type = file.content_type if audio else "application/octet-stream"
    return _handed_out(file.sha256, file.name or "file", content_type, as_attachment=not audio)


@require_GET
@on_behalf
def original(request: HttpRequest, by: Principal, interaction_id: int) -> HttpResponse:
    """What was received, byte for byte."""
    said = _said(by, interaction_id)
    ending = {"email": "eml"}.get(said.channel, "bin")
    return _handed_out(said.raw_sha256, f"{said.channel}-{said.pk}.{ending}", "application/octet-stream")


@require_GET
@on_behalf
def text(request: HttpRequest, by: Principal, interaction_id: int) -> HttpResponse:
    """The whole text of something said that is too long for the timeline."""
    said = _said(by, interaction_id)
    return _harmless(HttpResponse(said.text, content_type="text/plain; charset=utf-8"))


def _said(by: Principal, interaction_id: int) -> Interaction:
    seen = Interaction.objects.filter(ticket__in=visible(by)).select_related("ticket")
    said = get_object_or_404(seen, pk=interaction_id)
    trace(said.ticket, by)
    return said


def _handed_out(sha256: str, name: str, content_type: str, *, as_attachment: bool = True) -> HttpResponse:
    try:
        kept = vault.path(sha256).open("rb")
    except (OSError, ValueError) as error:
        raise Http404("This file is not kept here.") from error
    return _harmless(FileResponse(kept, as_attachment=as_attachment, filename=name, content_type=content_type))


def _harmless(response: HttpResponse | FileResponse) -> HttpResponse:
    """Whatever is in it, a browser neither guesses nor runs it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", response)
