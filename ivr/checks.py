"""What must hold of the telephone before any process starts: everybody has a way to a human, and is heard there."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from ivr import menu


@register()
def region_and_edge_go_together(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """One without the other would have the legs of a conversation in two regions."""
    if bool(settings.TWILIO_REGION) == bool(settings.TWILIO_EDGE):
        return []
    return [Error("Set TWILIO_REGION and TWILIO_EDGE both, or neither.", id="ivr.E002")]


@register()
def every_node_leads_to_a_human(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A key, and a third empty answer, lead to a human or a promised callback, whatever the hour."""
    return [Error(text, id="ivr.E001") for text in menu.dead_ends()]
