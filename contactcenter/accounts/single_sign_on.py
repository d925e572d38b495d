"""Signing in where the organisation signs in already (OpenID Connect), off unless the environment names a provider.

It opens an account that exists and is active, found anew each time by what the provider says; it makes no account,
gives no right, and keeps nothing. What goes wrong leads back to the door with a sentence.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import callback
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contactcenter.accounts.models import User
from contactcenter.accounts.pages import is_page
from contactcenter.errors import DomainError

PROVIDER = "sso"
NEEDED = ("CC_OIDC_ISSUER", "CC_OIDC_CLIENT_ID", "CC_OIDC_CLIENT_SECRET")
UNREADABLE = (requests.RequestException, KeyError, TypeError, ValueError)  # what a provider may answer in its place

log = logging.getLogger(__name__)

registry.register(OpenIDConnectProvider)
registry.loaded = True  # and no other


def name() -> str:
    """What people call the provider; empty where there is none."""
    if not all(getattr(settings, needed) for needed in NEEDED):
        return ""
    return settings.CC_OIDC_NAME or urlsplit(settings.CC_OIDC_ISSUER).hostname or ""


@login_not_required
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider."""
    if not name():
        raise Http404
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    provider = get_adapter().get_provider(request, PROVIDER)
    try:
        sent: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, next_url=wanted if is_page(request, wanted) else None
        )
    except UNREADABLE as error:
        return _refused(request, _silent(), error)
    return sent


@login_not_required
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Somebody comes back from the provider."""
    if not name():
        raise Http404
    try:
        entered: HttpResponse = callback(request, provider_id)
    except UNREADABLE as error:
        return _refused(request, _silent(), error)
    return entered


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Where allauth asks us: which provider, whose account, and what to say when it fails."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The one in the environment; none of the database."""
        if not name():
            return []
        app = SocialApp(provider="openid_connect", provider_id=PROVIDER, name=name())
        app.client_id, app.secret = settings.CC_OIDC_CLIENT_ID, settings.CC_OIDC_CLIENT_SECRET
        app.settings = {"server_url": settings.CC_OIDC_ISSUER, "oauth_pkce_enabled": True}
        return [app]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The provider knows them; do we?"""
        try:
            user = account_of(claims_in(sociallogin.account.extra_data))
        except DomainError as error:
            raise ImmediateHttpResponse(_refused(request, str(error))) from error
        entered = perform_login(request, user, redirect_url=sociallogin.get_redirect_url(request))
        raise ImmediateHttpResponse(entered)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Given up at the provider's, refused by it, or come back twice."""
        sentence = _("Signing in at %(name)s was not finished. Try again, or use your password.") % {"name": name()}
        raise ImmediateHttpResponse(_refused(request, sentence, None if error == AuthError.CANCELLED else exception))


def claims_in(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the provider says of somebody: its token and its further information must be about the same one."""
    token, more = told.get("id_token") or {}, told.get("userinfo") or {}
    if token and more and token.get("sub") != more.get("sub"):
        raise DomainError(_("%(name)s spoke of two people at once. Tell your administrator.") % {"name": name()})
    return {**token, **more}


def account_of(claims: Mapping[str, Any]) -> User:
    """The one active account that the configured claim names; DomainError says what to do where there is none."""
    claim = settings.CC_OIDC_CLAIM
    value = str(claims.get(claim) or "").strip()
    facts = {"name": name(), "value": value, "claim": claim}
    if not value:
        raise DomainError(_("%(name)s does not say who you are (%(claim)s). Tell your administrator.") % facts)
    if claim == "email" and str(claims.get("email_verified")).lower() != "true":
        raise DomainError(_("%(name)s has not verified your address. Verify it there, or use your password.") % facts)
    field = "email" if claim == "email" else "username"
    found = User.objects.filter(**{f"{field}__iexact": value}, is_active=True)[:2]
    if len(found) != 1:
        raise DomainError(
            _("No open account here has “%(value)s” alone. Ask your administrator to enter it with yours.") % facts
        )
    return found[0]


def _silent() -> str:
    return _("%(name)s does not answer. Use your password, or try again in a few minutes.") % {"name": name()}


def _refused(request: HttpRequest, sentence: str, error: Exception | None = None) -> HttpResponse:
    if error is not None:
        log.warning("single_sign_on.failed", exc_info=error)
    messages.error(request, sentence)
    return redirect("login")
