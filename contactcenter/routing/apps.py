"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoutingConfig(AppConfig):
    """What waits for a human, and who takes it."""

    name = "contactcenter.routing"
    verbose_name = _("Queues and agents")
    default_auto_field = "django.db.models.BigAutoField"
