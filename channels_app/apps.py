"""Django's view of this room."""

from django.apps import AppConfig


class ChannelsAppConfig(AppConfig):
    """The live desk and the wallboard."""

    name = "channels_app"

    def ready(self) -> None:
        """From now on, what happened to a ticket nudges the desks that may see its queues."""
        from channels_app import nudges
        from contactcenter.desk.signals import mentioned
        from contactcenter.routing.signals import offer_made
        from contactcenter.tickets.signals import ticket_event

        ticket_event.connect(nudges.on_ticket_event, dispatch_uid="channels_app.nudges")
        offer_made.connect(nudges.on_offer_made, dispatch_uid="channels_app.offers")
        mentioned.connect(nudges.on_mentioned, dispatch_uid="channels_app.mentions")
