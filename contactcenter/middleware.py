"""What every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader

from contactcenter.pulse import pulse

Handler = Callable[[HttpRequest], HttpResponse]
WORKS_ALONE = ("/ivr/", "/healthz", "/readyz")  # says itself what it can say meanwhile


def private_pages(get_response: Handler) -> Handler:
    """Pages of people who are logged in are kept by no cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = request.__dict__.get("_cached_user")  # set only where the view looked at who is there
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    return handle


def without_the_database(get_response: Handler) -> Handler:
    """While the database is away no page keeps a thread waiting for it: telephone calls need one."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WORKS_ALONE):
            return get_response(request)
        if pulse.is_away:
            response = HttpResponse(loader.get_template("503.html").render(), status=503)
            response["Retry-After"] = "15"
            return response
        with pulse.working():
            return get_response(request)

    return handle


class NoSuchRow:
    """What an address names and no column holds is nothing's, on either database.

    SQLite's driver refuses a number beyond all that one holds, PostgreSQL's a name with a NUL; the other finds no row.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Asked where a view broke; what else does not fit is a fault of ours."""
        if isinstance(error, OverflowError) and "SQLite" in str(error):
            raise Http404 from error
        if isinstance(error, DataError) and "\x00" in request.path_info:
            raise Http404 from error


def chosen_language(get_response: Handler) -> Handler:
    """`?lang=en` on any page chooses the language, by a link, and a cookie keeps it.

    Where nothing was chosen it is the language of whoever signed in last, else the browser's.
    """
    known = {code for code, _name in settings.LANGUAGES}

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "") if "lang=" in request.META.get("QUERY_STRING", "") else ""
        if chosen not in known:
            entered = request.COOKIES.get(settings.USER_LANGUAGE_COOKIE_NAME)
            if entered in known:
                request.COOKIES.setdefault(settings.LANGUAGE_COOKIE_NAME, entered)
            return get_response(request)
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
        response = get_response(request)
        lasts = settings.LANGUAGE_COOKIE_AGE
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=lasts, samesite="Lax", httponly=True)
        return response

    return handle


def real_address(get_response: Handler) -> Handler:
    """Behind proxies of our own, who asks is named by the outermost of them, never by the asker."""

    def handle(request: HttpRequest) -> HttpResponse:
        if settings.CC_PROXIES:
            named = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            if len(named) >= settings.CC_PROXIES and named[-settings.CC_PROXIES]:
                request.META["REMOTE_ADDR"] = named[-settings.CC_PROXIES]
        return get_response(request)

    return handle
