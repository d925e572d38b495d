"""The door for those who work here: passwords cannot be guessed at speed."""

from datetime import timedelta

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse

from contactcenter.limits import Limit

WRONG_PASSWORDS = Limit(name="login", burst=15, period=timedelta(minutes=10))


class Login(LoginView):
    """Django's, with a limit on wrong passwords for each name and address; a right one costs nothing."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: str, **kwargs: object) -> HttpResponse:
        """Whoever guessed too often waits."""
        if WRONG_PASSWORDS.is_spent(self._who()):
            empty = AuthenticationForm(request)  # unbound: showing a bound one would try the password
            return self.render_to_response(self.get_context_data(form=empty, too_often=True), status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """A wrong password is counted."""
        WRONG_PASSWORDS.allows(self._who())
        return super().form_invalid(form)

    def _who(self) -> str:
        return f"{self.request.POST.get('username', '')[:150].lower()} {self.request.META.get('REMOTE_ADDR', '')}"
