"""Django's view of this room."""

from django.apps import AppConfig


class PaperIntakeConfig(AppConfig):
    """Letters in and letters out."""

    name = "paper_intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug paper in."""
        from contactcenter import channel
        from paper_intake import checkup
        from paper_intake.channel import PaperChannel

        channel.register(PaperChannel())
        checkup.plug_in()
