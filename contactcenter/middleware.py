"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def private_pages(get_response: Handler) -> Handler:
    """Pages of people who are logged in are kept by no cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = request.__dict__.get("_cached_user")  # set only where the view looked at who is there
        if user is not None and user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    return handle
