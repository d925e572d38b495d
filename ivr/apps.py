"""Django's view of the phone."""

from django.apps import AppConfig


class IvrConfig(AppConfig):
    """The phone, by Twilio."""

    name = "ivr"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from contactcenter import channel
        from contactcenter.routing.signals import agent_left
        from ivr import checks, checkup, floor  # noqa: F401  # checks registers itself
        from ivr.channel import PhoneChannel

        channel.register(PhoneChannel())
        checkup.plug_in()
        agent_left.connect(floor.agent_left)
        user_logged_out.connect(floor.logged_out)
