"""Django's view of this room."""

from django.apps import AppConfig


class WebformConfig(AppConfig):
    """The built-in reference channel: the one to copy for a new one."""

    name = "contactcenter.webform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contactcenter import channel
        from contactcenter.webform.channel import WebChannel

        channel.register(WebChannel())
