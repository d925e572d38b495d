"""Django's view of this room."""

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    """The catalogue of what people need done."""

    name = "contactcenter.procedures"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contactcenter.procedures import checks  # noqa: F401  # registers itself
