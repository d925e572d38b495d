"""Django's view of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "contactcenter.accounts"
    default_auto_field = "django.db.models.BigAutoField"
