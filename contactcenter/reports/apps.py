"""Django's view of this room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Numbers and alarms."""

    name = "contactcenter.reports"
    default_auto_field = "django.db.models.BigAutoField"
