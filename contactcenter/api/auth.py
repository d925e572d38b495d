"""Who asks: a bearer token is a user's, or the service's own `CC_API_TOKEN`."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotAllowedError
from contactcenter.routing.principals import principal_behind
from contactcenter.routing.signs import sign_of_life


def principal(request: HttpRequest) -> Principal:
    """On whose behalf the request acts; NotAllowedError where an auditor would change something."""
    by = asker(request)
    if not by.may_write and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise NotAllowedError(_("An auditor reads; changing something is for agents."))
    return by


def asker(request: HttpRequest) -> Principal:
    """The same, before it is asked whether they may change anything."""
    return cast("Principal", request.auth)  # type: ignore[attr-defined]


class Bearer(HttpBearer):
    """`Authorization: Bearer …`; what the token may do is what the one behind it may, who is there while it asks."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        if settings.CC_API_TOKEN and constant_time_compare(token, settings.CC_API_TOKEN):
            return Principal.of_service()
        by = principal_behind(token)
        sign_of_life(by.agent_id if by else None)
        return by
