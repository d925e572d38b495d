"""Django's view of this room."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The e-mail channel."""

    name = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contactcenter import channel
        from mail.channel import MailChannel

        channel.register(MailChannel())
