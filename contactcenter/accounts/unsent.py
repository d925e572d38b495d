"""What was typed and could not be taken: shown again, with what happened and what to do, instead of a bare refusal.

A page left open over night is sent by nobody, and one left open while somebody logged in anew carries an old token. A
script on the page sees to both; this is for browsers without it, and for the moment before it has noticed.
"""

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode
from django.views import csrf

# The fields in which people write; those of an announcement are named by its language.
WORDS: tuple[str, ...] = ("text", "bring", "reason", "reasons", "title", "place", "subject", "word")
WORDS += ("full_name", "email", "phone", "address", "value")  # of a person's card
WORDS += ("fr", "en", "ar", "es", "pt", "tr", "ru", "zh", "fa", "ps")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of the field)


def holds_words(request: HttpRequest) -> bool:
    """Whether a form of ours was sent that somebody wrote in."""
    return request.method == "POST" and any(request.POST.get(name, "").strip() for name in WORDS)


def logged_out(request: HttpRequest, back: str) -> HttpResponse:
    """Nobody is logged in any more: nothing was sent, and here is what was written."""
    login = f"{resolve_url('login')}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    return _page(request, status=401, login=login)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An old token from a page of our own: what was written can be sent from here. Anything else is refused as ever."""
    if holds_words(request) and _from_here(request):
        return _page(request, status=403)
    return csrf.csrf_failure(request, reason)


def not_there(request: HttpRequest, kept: Mapping[str, str] | None = None) -> HttpResponse:
    """What it was written for is not there for whoever sent it, any more or at all: the words are theirs to copy.

    `kept` holds what the service kept of it, by form. The page is the same whatever the address names.
    """
    return _page(request, status=404, words=list((kept or {}).items()))


def _page(
    request: HttpRequest, *, status: int, login: str = "", words: list[tuple[str, str]] | None = None
) -> HttpResponse:
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
    context = {
        "written": [(name, value) for name, value in fields if name in WORDS and value.strip()] or words,
        "rest": [(name, value) for name, value in fields if name not in WORDS],
        "login": login,
        "gone": status == HTTPStatus.NOT_FOUND,
    }
    return render(request, "accounts/unsent.html", context, status=status)


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it; no other site may put words into anybody's mouth."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") == here
