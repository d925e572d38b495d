"""How allauth's application for providers is installed here."""

from allauth.socialaccount.apps import SocialAccountConfig


class ProvidersConfig(SocialAccountConfig):  # type: ignore[misc]
    """Without its search for providers: it would load every room's module of that name, in every process.

    Ours is registered where it is used, in `single_sign_on.py`.
    """

    def ready(self) -> None:
        """Leave it there."""
