"""Who may see the supervisor's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from contactcenter.accounts.models import Role, User
from contactcenter.accounts.principal import Principal
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.signs import sign_of_life

P = ParamSpec("P")
LEADERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
READERS = LEADERS | {Role.AUDITOR}
View = Callable[Concatenate[HttpRequest, Principal, P], HttpResponse]


def for_roles(roles: frozenset[Role]) -> "Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]":
    """Tell the view who asks, and refuse those of another role (403)."""

    def only(view: "View[P]") -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = cast("User", request.user)  # LoginRequiredMiddleware let them in
            if not (user.is_superuser or user.role in roles):
                raise PermissionDenied
            by = principal_for(user)
            sign_of_life(by.agent_id)
            return view(request, by, *args, **kwargs)

        return asked

    return only
