"""Django's view of this room."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """What a newcomer can try."""

    name = "contactcenter.demo"
    default_auto_field = "django.db.models.BigAutoField"
