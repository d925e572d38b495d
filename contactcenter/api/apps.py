"""Django's view of this room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The HTTP API."""

    name = "contactcenter.api"
    label = "api"
