"""After signing in one is led back to a page, never to an address that only takes what a form sends."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from contactcenter.accounts import unsent

MACHINES = ("/api/", "/ivr/", "/static/")


class LoginRequired(LoginRequiredMiddleware):
    """Django's; but what a stranger sent with a form, or fetched for a part of a page, is no place to come back to.

    Words that were written in such a form are shown instead of dropped.
    """

    def handle_no_permission(  # type: ignore[override]  # a page is an answer too
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        path = request.get_full_path()
        if request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "document") == "document":
            return super().handle_no_permission(request, view_func)
        before = urlsplit(request.headers.get("Referer", ""))
        if before.netloc == request.get_host():
            path = before.path + (f"?{before.query}" if before.query else "")
        back = path if is_page(request, path) else settings.LOGIN_REDIRECT_URL
        return unsent.logged_out(request, back) if unsent.holds_words(request) else redirect_to_login(back)


def is_page(request: HttpRequest, address: str) -> bool:
    """Whether a browser of ours may be sent there: a page of this site that answers GET."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return False
    path = urlsplit(address).path
    if path.startswith(MACHINES):
        return False
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return all("GET" in methods for methods in _allowed(view))


def _allowed(view: Any) -> Iterator[list[str]]:
    """What each of the view's decorators and its class let through."""
    if view_class := getattr(view, "view_class", None):
        yield [name.upper() for name in view_class.http_method_names if hasattr(view_class, name)]
    while view is not None:
        methods = (
            inspect.getclosurevars(view).nonlocals.get("request_method_list") if inspect.isfunction(view) else None
        )
        if methods is not None:
            yield list(methods)
        view = getattr(view, "__wrapped__", None)
