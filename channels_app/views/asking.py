"""Who asks for a page, and how the page finds its socket."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext

from contactcenter.accounts import unsent
from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.desk.answered import AnsweredMeanwhileError, CameMeanwhileError
from contactcenter.errors import DomainError, NotAllowedError, NotFoundError
from contactcenter.routing.errors import AlreadyTakenError
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.signs import sign_of_life

P = ParamSpec("P")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def on_behalf(
    view: Callable[Concatenate[HttpRequest, Principal, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Tell the view who asks and what they typed, note that they are there, and hide what they may not see."""

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        by = principal_for(cast("User", request.user))  # LoginRequired let them in
        sign_of_life(by.agent_id)
        if not by.may_write and request.method not in SAFE:
            raise PermissionDenied(gettext("An auditor reads; changing something is for agents."))
        request.POST = _storable(request.POST)  # type: ignore[assignment]
        try:
            return view(request, by, *args, **kwargs)
        except NotFoundError as error:
            if unsent.holds_words(request):
                return unsent.not_there(request)
            raise Http404(str(error)) from error

    return asked


def _storable(form: QueryDict) -> QueryDict:
    """What was typed, without the NUL that a database refuses, and with every line break as one character.

    Browsers send it as two, though the `maxlength` of a field counts one.
    """
    kept = form.copy()
    for name, values in form.lists():
        kept.setlist(name, [value.replace("\x00", "").replace("\r\n", "\n") for value in values])
    return kept


def status_of(error: DomainError) -> int:
    """The HTTP status of a rule that said no."""
    if isinstance(error, AlreadyTakenError | AnsweredMeanwhileError | CameMeanwhileError):
        return 409
    return 403 if isinstance(error, NotAllowedError) else 422


def live_address(request: HttpRequest) -> str:
    """Where the page finds its socket: CC_LIVE_URL, else this very host, where a proxy joins both.

    A loopback address is named as the browser names it, since cookies know hosts, not machines.
    """
    if not settings.CC_LIVE_URL:
        return f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}/live/"
    live = urlsplit(settings.CC_LIVE_URL)
    asked = urlsplit(f"//{request.get_host()}").hostname
    if {live.hostname, asked} <= LOOPBACK and live.port and asked:
        live = live._replace(netloc=f"{f'[{asked}]' if ':' in asked else asked}:{live.port}")
    return live._replace(path=live.path.rstrip("/") or "/live").geturl().rstrip("/") + "/"
