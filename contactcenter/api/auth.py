"""Who asks: a bearer token is a user's, or the service's own `CC_API_TOKEN`."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from ninja.security import HttpBearer

from contactcenter.accounts.principal import Principal
from contactcenter.routing.principals import principal_behind


def principal(request: HttpRequest) -> Principal:
    """On whose behalf the request acts; the bearer token has been found good."""
    return cast("Principal", request.auth)  # type: ignore[attr-defined]


class Bearer(HttpBearer):
    """`Authorization: Bearer …`; what the token may do is what the one behind it may."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        if settings.CC_API_TOKEN and constant_time_compare(token, settings.CC_API_TOKEN):
            return Principal.of_service()
        return principal_behind(token)
