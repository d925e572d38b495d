"""The page on which people keep their own account safe, and the passkeys on it."""

from typing import Any, cast

from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView

from contactcenter.accounts import second_factor
from contactcenter.accounts.models import User


class Security(IndexView):  # type: ignore[misc]
    """allauth's, with what one's role asks for."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = cast("User", self.request.user)
        lacking = second_factor.is_demanded(user) and not second_factor.has_one(user)
        return {**super().get_context_data(**kwargs), "lacking": lacking}


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """allauth's, but always for a key that signs in by itself: it asks its holder for a finger, a face or a PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, passwordless=True)}
        return context
