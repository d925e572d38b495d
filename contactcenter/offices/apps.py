"""Django's view of this room."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Where and when we are open."""

    name = "contactcenter.offices"
    default_auto_field = "django.db.models.BigAutoField"
