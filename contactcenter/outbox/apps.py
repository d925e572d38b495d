"""Django's view of this room."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Everything we say."""

    name = "contactcenter.outbox"
    default_auto_field = "django.db.models.BigAutoField"
