"""Errors as RFC 9457 problem documents, in a sentence that says what to do next."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from contactcenter.api.auth import principal
from contactcenter.api.mistakes import sentences
from contactcenter.api.seen import must_see
from contactcenter.desk.answered import CameMeanwhileError
from contactcenter.errors import DomainError, InvalidError, NotAllowedError, NotFoundError
from contactcenter.routing.errors import AlreadyTakenError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, **more: object) -> HttpResponse:
    """One problem document; `more` are members of its own, such as `holder` or `errors`."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE)


def install(api: NinjaAPI) -> None:
    """Let the API answer each kind of error in this shape."""
    handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        AuthenticationError: _unknown_token,
        ValidationError: _invalid,
        HttpError: _http_error,
        NotFoundError: _not_found,
        Http404: _not_found,
        NotAllowedError: lambda request, error: problem(403, str(error)),
        CameMeanwhileError: lambda request, error: problem(409, str(error)),
        AlreadyTakenError: lambda request, error: problem(409, str(error), holder=error.holder or None),
        InvalidError: lambda request, error: problem(422, str(error)),
        DomainError: lambda request, error: problem(422, str(error)),
        RequestDataTooBig: lambda request, error: problem(413, _("This request is too large.")),
        UnreadablePostError: lambda request, error: problem(400, _("The request broke off before its end.")),
        Exception: _our_fault,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _unknown_token(request: HttpRequest, error: Exception) -> HttpResponse:
    response = problem(401, _("Send a bearer token that is known here in the Authorization header."))
    response["WWW-Authenticate"] = 'Bearer realm="contactcenter"'
    return response


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    said = str(error) if isinstance(error, NotFoundError) else ""
    return problem(404, said or _("There is no such thing that you can see."))


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What cannot be seen is not there, whatever else is wrong with the request."""
    if hidden := _hidden(request):
        return hidden
    if any(one["loc"][:1] == ("path",) for one in error.errors):
        return _not_found(request, error)
    return problem(422, sentences(error.errors), errors=[_named(one) for one in error.errors])


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if hidden := _hidden(request):
        return hidden
    if error.status_code == 400:
        return problem(400, _("The body must be JSON in UTF-8."))
    return problem(error.status_code, str(error))


def _hidden(request: HttpRequest) -> HttpResponse | None:
    try:
        must_see(request)
        principal(request)
    except NotFoundError as error:
        return _not_found(request, error)
    except NotAllowedError as error:
        return problem(403, str(error))
    return None


def _our_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Something of ours broke: logged with its trace, told without it."""
    got_request_exception.send(sender=None, request=request)
    log.error("api.failed", exc_info=error, extra={"path": request.path})
    return problem(500, _("Something failed on our side; nothing was done. Please try again."))


def _named(error: dict[str, Any]) -> dict[str, str]:
    """Where the mistake is: a JSON pointer into the body, or the name of a query parameter."""
    source, *rest = error["loc"]
    if source == "body":
        return {"detail": str(error["msg"]), "pointer": "#/" + "/".join(str(part) for part in rest[1:])}
    return {"detail": str(error["msg"]), "parameter": ".".join(str(part) for part in rest)}
