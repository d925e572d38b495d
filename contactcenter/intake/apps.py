"""Django's view of this room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The one door in."""

    name = "contactcenter.intake"
    default_auto_field = "django.db.models.BigAutoField"
