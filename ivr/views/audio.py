"""Recorded prompts, fetched by the provider under a name that nobody can guess."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from contactcenter import vault
from ivr.lines import Recording


@login_not_required
@require_safe
def audio(request: HttpRequest, token: str) -> HttpResponseBase:
    """One recorded prompt; a new recording has a new address, so that this one may be kept."""
    recording = get_object_or_404(Recording, token=token)
    response = FileResponse(vault.path(recording.sha256).open("rb"), content_type=recording.content_type)
    response["Cache-Control"] = "public, max-age=86400, immutable"
    return response
