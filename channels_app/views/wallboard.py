"""The wallboard: the figures that matter, for whoever works here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from channels_app import figures as board
from channels_app.reading_again import on_behalf_of_reader
from channels_app.views.asking import live_address, on_behalf
from contactcenter.accounts.principal import Principal
from contactcenter.routing.readers import Reader


@require_GET
@on_behalf
def wallboard(request: HttpRequest, by: Principal) -> HttpResponse:
    """The whole page."""
    context = {"figures": board.of(by), "live_address": live_address(request)}
    return render(request, "channels_app/wallboard.html", context)


@require_GET
@on_behalf_of_reader
def figures(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The figures alone, which an open page re-reads."""
    response = render(request, "channels_app/_figures.html", {"figures": board.of(reader.by)})
    response["Cache-Control"] = "private, no-cache"
    return response
