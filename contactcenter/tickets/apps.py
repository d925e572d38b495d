"""Django's view of this room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Matters, what was said, what happened."""

    name = "contactcenter.tickets"
    default_auto_field = "django.db.models.BigAutoField"
