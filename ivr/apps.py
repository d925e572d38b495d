"""Django's view of the phone."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IvrConfig(AppConfig):
    """The phone, by Twilio."""

    name = "ivr"
    verbose_name = _("Telephone")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_out

        from contactcenter import channel
        from contactcenter.routing.signals import agent_left
        from ivr import checks, checkup, leaving  # noqa: F401  # checks registers itself
        from ivr.channel import PhoneChannel

        channel.register(PhoneChannel())
        checkup.plug_in()
        agent_left.connect(leaving.agent_left)
        user_logged_out.connect(leaving.logged_out)
