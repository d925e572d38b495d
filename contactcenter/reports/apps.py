"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Numbers and alarms."""

    name = "contactcenter.reports"
    verbose_name = _("Alarms")
    default_auto_field = "django.db.models.BigAutoField"
