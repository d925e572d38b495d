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
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contactcenter.accounts import second_factor
from contactcenter.accounts.forms import NewUserForm, UserForm
from contactcenter.accounts.models import ApiToken, Role, User
from contactcenter.accounts.tracing import FORGOTTEN

# allauth's own pages are left out: who has which factor stands with the user, the provider in the environment
UNUSED = {
    addresses: (EmailAddress,),
    factors: (Authenticator,),
    providers: (SocialAccount, SocialApp, SocialToken),
}
admin.site.unregister(Group)  # rights follow the role
for _models in UNUSED.values():
    admin.site.unregister([model for model in _models if admin.site.is_registered(model)])


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Somebody who works here, with role and offices. Rights follow the role; who leaves is closed, never deleted."""

    form = UserForm
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Work"), {"fields": ("role", "offices", "is_active")}),
        (_("Second factor"), {"fields": ("factors",)}),
    )
    add_fieldsets = (
        *DjangoUserAdmin.add_fieldsets,
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (_("Work"), {"fields": ("role", "offices")}),
    )
    filter_horizontal = ("offices",)
    readonly_fields = ("factors",)
    list_display = ("username", "first_name", "last_name", "role", "is_active", "has_factor")
    list_filter = ("role", "offices", "is_active")
    actions = ("forget_factors",)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """The administration is for administrators, and they may do everything in it."""
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)

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
            self.log_change(request, user, gettext(FORGOTTEN))
            told = gettext("%(user)s logs in by password alone now, and sets up a new second factor.") % {"user": user}
            self.message_user(request, told, level=messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Tokens for programs: made here and shown once, listed, revoked; none is deleted, so that its history stays."""

    list_display = ("user", "name", "created_at", "revoked_at")
    list_filter = ("user",)
    fields = ("user", "name", "created_at", "revoked_at")
    readonly_fields = ("created_at", "revoked_at")
    actions = ("revoke",)

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> tuple[str, ...]:
        """Whose token it is never changes."""
        return ("user", *self.readonly_fields) if obj else self.readonly_fields

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A token acts for somebody who works here still."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """A new one is made as the command line makes it."""
        if change:
            super().save_model(request, obj, form, change)
        else:
            obj.plain = obj.renew()  # type: ignore[attr-defined]
            super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        """Shown on the answer itself, and nowhere after: not even a session keeps it."""
        facts = {**self.admin_site.each_context(request), "token": obj, "title": _("New token")}
        shown = render(request, "accounts/new_token.html", facts)
        shown["Cache-Control"] = "no-store"
        return shown

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ApiToken]) -> None:
        """They open nothing from now on."""
        for token in chosen.filter(revoked_at=None).select_related("user"):
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            self.log_change(request, token, gettext("Revoked."))
            told = gettext("“%(name)s” of %(user)s opens nothing any more.") % {"name": token.name, "user": token.user}
            self.message_user(request, told, level=messages.SUCCESS)
