"""Who asks: a bearer token is a user's, or the service's own `CC_API_TOKEN`."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from ninja.security import HttpBearer

from contactcenter.accounts.models import ApiToken
from contactcenter.accounts.principal import Principal
from contactcenter.routing.selectors import principal_for


def principal(request: HttpRequest) -> Principal:
    """On whose behalf the request acts; the bearer token has been found good."""
    return cast("Principal", request.auth)  # type: ignore[attr-defined]


class Bearer(HttpBearer):
    """`Authorization: Bearer …`; what the token may do is what the one behind it may."""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        if settings.CC_API_TOKEN and constant_time_compare(token, settings.CC_API_TOKEN):
            return Principal.of_service()
        return _user_behind(token)


def _user_behind(token: str) -> Principal | None:
    digest = ApiToken.digest_of(token)
    tokens = ApiToken.objects.filter(digest=digest, revoked_at=None, user__is_active=True)
    found = tokens.select_related("user").first()
    return principal_for(found.user) if found else None
