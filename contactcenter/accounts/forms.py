"""What an administrator enters of somebody who works here, and what is refused, with a sentence."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext as _

from contactcenter.accounts.models import Role, User


class _Work(forms.ModelForm[User]):
    """Role, offices and language, in either form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = forms.Select(choices=settings.LANGUAGES)
        self.fields["language"].widget = known

    def clean(self) -> dict[str, Any]:
        """Somebody without an office would see no work at all."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("role") not in (None, Role.ADMINISTRATOR) and not facts.get("offices"):
            self.add_error("offices", _("Choose at least one office: without one they would see no request."))
        return facts


class NewUserForm(_Work, AdminUserCreationForm):  # type: ignore[type-arg]
    """Somebody who begins here."""


class UserForm(_Work, UserChangeForm):  # type: ignore[type-arg]
    """Somebody who works here."""

    def clean(self) -> dict[str, Any]:
        """Somebody must be left who can enter the administration."""
        facts = super().clean()
        stays = facts.get("role") == Role.ADMINISTRATOR and facts.get("is_active")
        others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.role == Role.ADMINISTRATOR and not stays and not others.exists():
            self.add_error("role", _("This is the only administrator: make somebody else one first."))
        return facts
