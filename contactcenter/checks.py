"""What must hold before any process starts; every command runs these, and wsgi.py and asgi.py ask by themselves."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from contactcenter import env


@register(Tags.security)
def own_secrets(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Outside the demo every secret is there, and none is a demo's."""
    return [Error(text, id="contactcenter.E001") for text in _complaints()]


def refuse_demo_secrets() -> None:
    """The same for servers that start without Django's commands."""
    if complaints := _complaints():
        raise ImproperlyConfigured(" ".join(complaints))


def _complaints() -> list[str]:
    if settings.CC_DEMO:
        return []
    in_use = {
        "CC_SECRET_KEY": settings.SECRET_KEY,
        "CC_FIELD_KEYS": ",".join(settings.CC_FIELD_KEYS),
        "CC_API_TOKEN": settings.CC_API_TOKEN,
        "TWILIO_AUTH_TOKEN": settings.TWILIO_AUTH_TOKEN,
    }
    return env.complaints(in_use, needed=("CC_SECRET_KEY", "CC_FIELD_KEYS"))
