"""What must hold of the call flow before any process starts: nobody is left without a way to a human."""

from django.core.checks import CheckMessage, Error, register

from ivr import menu


@register()
def every_node_leads_to_a_human(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """A key, and a third empty answer, lead to a human or a promised callback, whatever the hour."""
    return [Error(text, id="ivr.E001") for text in menu.dead_ends()]
