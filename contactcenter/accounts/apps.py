"""Django's view of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "contactcenter.accounts"
    verbose_name = _("Who works here")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the doctor ask about signing in, and trace what people change of it."""
        from contactcenter.accounts import checkup, tracing

        checkup.plug_in()
        tracing.listen()
