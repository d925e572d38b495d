"""Django's view of the core itself: it has no models, only commands, templates and checks."""

from django.apps import AppConfig
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ContactCenterConfig(AppConfig):
    """The core's wiring."""

    name = "contactcenter"

    def ready(self) -> None:
        """Register the start-up checks, and give the administration our name and its way back to the desk."""
        from contactcenter import checks  # noqa: F401

        admin.site.site_header = admin.site.site_title = _("Administration of the contact centre")
        admin.site.index_title = _("What can be set up here")
        admin.site.site_url = "/desk/"
