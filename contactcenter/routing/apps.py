"""Django's view of this room."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """What waits for a human, and who takes it."""

    name = "contactcenter.routing"
    default_auto_field = "django.db.models.BigAutoField"
