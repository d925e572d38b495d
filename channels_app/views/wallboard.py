"""The wallboard: the figures that matter, for whoever works here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from channels_app import figures as board
from channels_app.reading_again import on_behalf_of_reader
from channels_app.views.asking import live_address, on_behalf
from contactcenter.accounts.principal import Principal
from contactcenter.offices.zones import shared_zone
from contactcenter.routing.readers import Reader


@require_GET
@on_behalf
def wallboard(request: HttpRequest, by: Principal) -> HttpResponse:
    """The whole page."""
    return _shown(request, "channels_app/wallboard.html", by, live_address=live_address(request))


@require_GET
@on_behalf_of_reader
def figures(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The figures alone, which an open page re-reads."""
    response = _shown(request, "channels_app/_figures.html", reader.by)
    response["Cache-Control"] = "private, no-cache"
    return response


def _shown(request: HttpRequest, template: str, by: Principal, **more: object) -> HttpResponse:
    """By the clock of the reader's offices: when today began, and each hour that is shown."""
    with timezone.override(shared_zone(by.offices)):
        return render(request, template, {"figures": board.of(by), **more})
