"""Users and their tokens in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from contactcenter.accounts.models import ApiToken, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    """Somebody who works here, with role and offices."""

    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), (_("Work"), {"fields": ("role", "offices", "language")}))
    list_display = ("username", "first_name", "last_name", "role", "is_active")
    list_filter = ("role", "offices", "is_active")


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Tokens are made by `./run token USER`; here they are seen and revoked."""

    list_display = ("user", "name", "created_at", "revoked_at")
    fields = ("user", "name", "revoked_at")
    readonly_fields = ("user", "name")

    def has_add_permission(self, request: object) -> bool:
        return False
