"""Django's view of this room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "contactcenter.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the doctor ask about signing in."""
        from contactcenter.accounts import checkup

        checkup.plug_in()
