"""Codes and passwords that are asked for: a wrong one is counted, whoever guesses waits, a code counts once."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contactcenter.limits import Limit

WRONG_PASSWORDS = Limit(name="login", burst=15, period=timedelta(minutes=10))
CODES = Limit(name="code", burst=6, period=timedelta(minutes=10))  # six digits are fewer than a password has
USED = Limit(name="code-used", burst=1, period=timedelta(minutes=2))  # longer than any code is right


class _Counted:
    """A form with a code that may not be guessed at speed, by whatever address."""

    user: Any

    def clean_code(self) -> str:
        """Each try is counted before it is looked at: a hundred at once are no more than a few."""
        if not CODES.allows(str(self.user.pk)):
            raise ValidationError(_("Too many codes in a short time. Wait ten minutes, or ask an administrator."))
        return str(super().clean_code())  # type: ignore[misc]


class CodeForm(_Counted, AuthenticateForm):  # type: ignore[misc]
    """The second factor, at the door."""

    def clean_code(self) -> str:
        """Whoever looked over a shoulder comes too late."""
        code = super().clean_code()
        if not USED.allows(f"{self.user.pk} {''.join(filter(str.isalnum, code))}"):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class CodeAgainForm(_Counted, ReauthenticateByCodeForm):  # type: ignore[misc]
    """The same person still, before the security of the account is changed."""


class FirstCodeForm(_Counted, ActivateTOTPForm):  # type: ignore[misc]
    """Proof that the application on the telephone has the key."""


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The same person still, by their password."""

    def clean_password(self) -> str:
        who = f"{self.user.username.lower()} again"
        if WRONG_PASSWORDS.is_spent(who):
            raise ValidationError(_("Too many wrong passwords. Wait ten minutes, or ask your administrator to help."))
        try:
            return str(super().clean_password())
        except ValidationError as error:
            WRONG_PASSWORDS.allows(who)
            raise ValidationError(_("This is not your password. Try again.")) from error
