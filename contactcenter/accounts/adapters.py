"""Where allauth asks us: one door, our own words, our own keys, and passkeys named after the site."""

import time
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter import crypto
from contactcenter.accounts import second_factor
from contactcenter.accounts.models import User
from contactcenter.accounts.pages import is_page

SIGNED_IN_AT = "signed_in_at"
FRESH = 300  # seconds in which who just signed in need not prove again who they are


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, no address is proved; who signs in passes the second factor where they have one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_safe_url(self, url: str) -> bool:
        return is_page(context.request, url)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, _("This account is closed. Ask your administrator to open it again."))
        return redirect("login")

    def login(self, request: HttpRequest, user: User) -> None:
        """Whose account was closed between password and second factor is told so, too."""
        if not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        request.session[SIGNED_IN_AT] = time.time()

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """However they came in, pages are in the language that was entered for them."""
        answer: HttpResponse = super().post_login(request, user, **how)
        name, lasts = settings.USER_LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_AGE
        answer.set_cookie(name, user.language, max_age=lasts, samesite="Lax", httponly=True)
        return answer

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again for who came in just now, nor from who has nothing to prove it with yet."""
        request = context.request
        if time.time() - request.session.get(SIGNED_IN_AT, 0) < FRESH:
            return False
        return bool(self.get_reauthentication_methods(request.user))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are encrypted as the identifiers of people are."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right. Try the next one; if that fails too, look at your telephone’s clock."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second factor. Add another one first, then remove this."
        ),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_totp_label(self, user: User) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return _("Contact centre")

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m").svg_inline(scale=4, border=2, omitsize=True)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not second_factor.is_last(authenticator)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  # allauth's name
        return _("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host()
        return {"id": host.partition(":")[0], "name": _("Contact centre")}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "name": user.username}
