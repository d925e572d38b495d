"""Django's view of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Who is talking."""

    name = "contactcenter.people"
    default_auto_field = "django.db.models.BigAutoField"
