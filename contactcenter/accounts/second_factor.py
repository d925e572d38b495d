"""Who has to have a second factor (CC_SECOND_FACTOR), and what happens when somebody has lost theirs."""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from contactcenter.accounts.models import Role, User
from contactcenter.accounts.reading_only import OWN

STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are no factor
SEEN = "second_factor"
LEADS_TO = settings.LOGIN_REDIRECT_URL


def is_demanded(user: User) -> bool:
    """Whether this one's role needs a second factor; who may do everything counts as administrator."""
    roles = {user.role, Role.ADMINISTRATOR.value} if user.is_superuser else {user.role}
    return not roles.isdisjoint(settings.CC_SECOND_FACTOR)


def has_one(user: User) -> bool:
    """Whether a second factor is set up."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=STRONG).exists())


def was_shown(request: HttpRequest, user: User) -> bool:
    """Whether this very session was opened with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def is_last(authenticator: Authenticator) -> bool:
    """Whether its user would be left without one that their role needs."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STRONG).exclude(pk=authenticator.pk)
    return is_demanded(authenticator.user) and not others.exists()


@transaction.atomic
def reset(user: User) -> int:
    """Forget all factors of somebody who has lost theirs; returns how many there were."""
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    return int(deleted)


class Demanded:
    """Lead who needs a second factor, and has none, to the page where it is set up. Asked once in each session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> HttpResponse | None:
        """Public doors, and what is needed to set it up or to leave, stay open."""
        if not settings.CC_SECOND_FACTOR or not getattr(view, "login_required", True) or request.path.startswith(OWN):
            return None
        user = cast("User", request.user)
        if not is_demanded(user) or request.session.get(SEEN):
            return None
        if not has_one(user):
            return redirect("mfa_index")
        if not was_shown(request, user):  # signed in before there was one: the password alone is not enough any more
            logout(request)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else LEADS_TO)
        request.session[SEEN] = True
        return None
