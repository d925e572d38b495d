"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """Where and when we are open."""

    name = "contactcenter.offices"
    verbose_name = _("Offices and opening hours")
    default_auto_field = "django.db.models.BigAutoField"
