"""Django's view of this room."""

from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    """Dated proofs of what we received."""

    name = "contactcenter.receipts"
    default_auto_field = "django.db.models.BigAutoField"
