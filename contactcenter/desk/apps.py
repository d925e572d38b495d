"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """What an agent can do."""

    name = "contactcenter.desk"
    verbose_name = _("Answers")
    default_auto_field = "django.db.models.BigAutoField"
