"""Django's view of this room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What an agent can do."""

    name = "contactcenter.desk"
    default_auto_field = "django.db.models.BigAutoField"
