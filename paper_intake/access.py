"""Who may work in the mailroom."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from contactcenter.accounts.models import Role, User
from contactcenter.accounts.principal import Principal
from contactcenter.routing.selectors import principal_for
from contactcenter.routing.signs import sign_of_life

Rest = ParamSpec("Rest")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAILROOM = frozenset({Role.CLERK, Role.SUPERVISOR, Role.ADMINISTRATOR})


def works_in_mailroom(by: Principal) -> bool:
    """Clerks, supervisors and administrators, and whoever has the skill."""
    return by.role in MAILROOM or (by.may_write and by.has_skills(frozenset({"mailroom"})))


def mailroom(
    view: Callable[Concatenate[HttpRequest, Principal, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Give a view its principal, and let only the mailroom in; auditors read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        by = principal_for(cast("User", request.user))
        sign_of_life(by.agent_id)
        if not (works_in_mailroom(by) or (by.role == Role.AUDITOR and request.method in SAFE)):
            raise PermissionDenied
        return view(request, by, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]", guarded)
