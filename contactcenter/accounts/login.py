"""The door for those who work here: passwords cannot be guessed at speed."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import perform_login
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from contactcenter.accounts import single_sign_on
from contactcenter.accounts.codes import WRONG_PASSWORDS
from contactcenter.accounts.pages import is_page


class Login(LoginView):
    """Django's, with a limit on wrong passwords for each name and address; a right one costs nothing."""

    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Who comes back to the door begins anew: no half-done sign-in waits behind it."""
        clear_login(request)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Whoever guessed too often waits."""
        if WRONG_PASSWORDS.is_spent(self._who()):
            empty = AuthenticationForm(request)  # unbound: showing a bound one would try the password
            return self.render_to_response(self.get_context_data(form=empty, too_often=True), status=429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: on to the second factor where there is one, else in."""
        answer: HttpResponse = perform_login(self.request, form.get_user(), redirect_url=self.get_success_url())
        return answer

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """A wrong password is counted."""
        WRONG_PASSWORDS.allows(self._who())
        return super().form_invalid(form)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Where one wanted to go, if that is a page."""
        wanted = super().get_redirect_url()
        return wanted if wanted and is_page(self.request, wanted) else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whom one may also be let in by."""
        return {**super().get_context_data(**kwargs), "single_sign_on": single_sign_on.name()}

    def _who(self) -> str:
        return f"{self.request.POST.get('username', '')[:150].lower()} {self.request.META.get('REMOTE_ADDR', '')}"


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """The administration has no door of its own: a stranger takes the one above, others hear why they may not enter."""
    index = reverse("admin:index")
    wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        wanted = index
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not request.user.is_staff:
        raise PermissionDenied(_("The administration is for administrators. Ask one of them for what you need."))
    # by the index: back at a page that sent them here, they would go round in circles
    return redirect(index)
