"""Users, their second factors and their tokens in the admin."""

from typing import Any

from allauth.account import admin as addresses
from allauth.account.models import EmailAddress
from allauth.mfa import admin as factors
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as providers
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contactcenter.accounts import second_factor
from contactcenter.accounts.models import ApiToken, User

# allauth's own pages are left out: who has which factor stands with the user, the provider in the environment
UNUSED = {
    addresses: (EmailAddress,),
    factors: (Authenticator,),
    providers: (SocialAccount, SocialApp, SocialToken),
}
for _models in UNUSED.values():
    admin.site.unregister([model for model in _models if admin.site.is_registered(model)])


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Somebody who works here, with role and offices."""

    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        (_("Work"), {"fields": ("role", "offices", "language")}),
        (_("Second factor"), {"fields": ("factors",)}),
    )
    readonly_fields = ("factors",)
    list_display = ("username", "first_name", "last_name", "role", "is_active", "has_factor")
    list_filter = ("role", "offices", "is_active")
    actions = ("forget_factors",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        strong = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.STRONG)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(factor=Exists(strong))

    @admin.display(description=_("Second factor"), boolean=True, ordering="factor")
    def has_factor(self, user: Any) -> bool:
        """Whether one is set up."""
        return bool(user.factor)

    @admin.display(description=_("Set up"))
    def factors(self, user: User) -> str:
        """What is set up, and since when."""
        every = Authenticator.objects.filter(user_id=user.pk).order_by("created_at")
        listed = [f"{factor} ({factor.created_at:%Y-%m-%d})" for factor in every]
        return ", ".join(listed) or gettext("Nothing yet. They set it up themselves, at /account/.")

    @admin.action(description=_("Forget the second factors of who lost theirs"), permissions=["change"])
    def forget_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They come in by their password, and set up new ones; the users' history says who did it."""
        for user in chosen:
            second_factor.reset(user)
            self.log_change(request, user, gettext("Second factors forgotten."))
            told = gettext("%(user)s logs in by password alone now, and sets up a new second factor.") % {"user": user}
            self.message_user(request, told, level=messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Tokens are made by `./run token USER`; here they are seen and revoked."""

    list_display = ("user", "name", "created_at", "revoked_at")
    fields = ("user", "name", "revoked_at")
    readonly_fields = ("user", "name")

    def has_add_permission(self, request: object) -> bool:
        return False
