"""Django's view of the phone."""

from django.apps import AppConfig


class IvrConfig(AppConfig):
    """The phone, by Twilio."""

    name = "ivr"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contactcenter import channel
        from ivr import checks, checkup  # noqa: F401  # checks registers itself
        from ivr.channel import PhoneChannel

        channel.register(PhoneChannel())
        checkup.plug_in()
