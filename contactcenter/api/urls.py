"""Where the API's operations are found; mounted at `/api/v1/`."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from contactcenter import channel
from contactcenter.api import (
    catalogue,
    documents,
    joining,
    lastmile,
    me,
    person,
    problems,
    queue,
    search,
    tickets,
    wallboard,
)
from contactcenter.api.auth import Bearer
from contactcenter.api.description import DescribedAPI

View = Callable[..., HttpResponseBase]


def build() -> DescribedAPI:
    """The API with the core's operations and those that the channels add."""
    api = DescribedAPI(
        title="Contact centre",
        version="1",
        description="One queue for calls, e-mails, forms and letters. Errors are RFC 9457 problem documents.",
        urls_namespace="api",
        auth=Bearer(),
        docs_url=None,
    )
    problems.install(api)
    api.add_router("/tickets", tickets.router)
    api.add_router("", queue.router)
    api.add_router("", me.router)
    api.add_router("", joining.router)
    api.add_router("", lastmile.router)
    api.add_router("", person.router)
    api.add_router("", search.router)
    api.add_router("", wallboard.router)
    api.add_router("/procedures", catalogue.router)
    api.add_router("", documents.router)
    for name in channel.names():
        if router := getattr(channel.get(name), "api_router", None):
            api.add_router("", router)
    return api


def _told_as_problem(view: View) -> View:
    """A door that needs no login page, and at which "not there" and "not so" are problem documents as well."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return not_found(request)
        return _not_so(response) if response.status_code == 405 else response

    told.login_required = False  # type: ignore[attr-defined]
    return csrf_exempt(told)


def _not_so(refused: HttpResponseBase) -> HttpResponse:
    response = problems.problem(405, _("This address does not take that method."))
    response["Allow"] = refused["Allow"]
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """Nothing is at this address."""
    return problems.problem(404, _("There is no such address in this API."))


def _patterns() -> list[URLPattern]:
    patterns, _app, _namespace = build().urls
    named = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    for pattern in named:
        pattern.callback = _told_as_problem(pattern.callback)
    return [*named, re_path(r"", _told_as_problem(not_found))]


app_name = "api"
urlpatterns = _patterns()
