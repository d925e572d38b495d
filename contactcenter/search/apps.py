"""Django's view of this room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search over all tickets."""

    name = "contactcenter.search"
    default_auto_field = "django.db.models.BigAutoField"
