"""Django's view of the core itself: it has no models, only commands, templates and checks."""

from django.apps import AppConfig


class ContactCenterConfig(AppConfig):
    """The core's wiring."""

    name = "contactcenter"

    def ready(self) -> None:
        """Register the start-up checks."""
        from contactcenter import checks  # noqa: F401
