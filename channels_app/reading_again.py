"""What an open page reads again and again is answered at once, before anybody else asks who is there."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.vary import vary_on_cookie

from channels_app import presence
from contactcenter.accounts.models import User
from contactcenter.routing.readers import Reader, reader_of
from contactcenter.routing.selectors import principal_for

P = ParamSpec("P")


def on_behalf_of_reader(
    view: Callable[Concatenate[HttpRequest, Reader, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Tell the view who reads, and note that they are there. Whom `ReadersFirst` is sure of comes by there."""

    @vary_on_cookie
    def told(request: HttpRequest, reader: Reader, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        presence.sign_of_reader(reader)
        return view(request, reader, *args, **kwargs)

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        by = principal_for(cast("User", request.user))  # LoginRequired let them in
        return told(request, Reader.of(by), *args, **kwargs)

    asked.to_reader = told  # type: ignore[attr-defined]  # the decorators around it keep it
    return asked


class ReadersFirst:
    """Answer whoever is surely one of ours, with the rights of this moment; the others are asked as at any page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """Called before the view."""
        to_reader: Callable[..., HttpResponse] | None = getattr(view, "to_reader", None)
        if to_reader is None or request.method != "GET":
            return None
        reader = reader_of(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
        return to_reader(request, reader, *args, **kwargs) if reader else None
