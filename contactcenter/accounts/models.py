"""Who works here: users with a role and the offices they serve, and the tokens that act for them."""

import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a user is here for; the rights follow."""

    AGENT = "agent", _("agent")
    CLERK = "clerk", _("mailroom clerk")
    SUPERVISOR = "supervisor", _("supervisor")
    ADMINISTRATOR = "administrator", _("administrator")
    AUDITOR = "auditor", _("auditor")


class Users(UserManager["User"]):
    """Users; who may do everything is an administrator by role as well."""

    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """`manage.py createsuperuser`, too, makes an administrator."""
        return super().create_superuser(*args, **{"role": Role.ADMINISTRATOR, **fields})


class User(AbstractUser):
    """Somebody who works here."""

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.AGENT)
    offices = models.ManyToManyField("offices.Office", verbose_name=_("offices"), related_name="users", blank=True)
    language = models.CharField(_("language"), max_length=8, default="fr")

    objects = Users()  # type: ignore[misc]

    class Meta(AbstractUser.Meta):
        constraints = [models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known")]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class ApiToken(models.Model):
    """A bearer token of a user, of which only the SHA-256 is kept."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("acts for this user")
    )
    name = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("token for a program")
        verbose_name_plural = _("tokens for programs")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(token: str) -> str:
        """What is stored of a token."""
        return hashlib.sha256(token.encode()).hexdigest()

    @classmethod
    def issue(cls, user: User, name: str) -> str:
        """Make a token for the user; the text is returned this once and never stored."""
        made = cls(user=user, name=name)
        token = made.renew()
        made.save()
        return token

    def renew(self) -> str:
        """Give it a text, of which only the SHA-256 stays with it."""
        token = secrets.token_urlsafe(32)
        self.digest = self.digest_of(token)
        return token
