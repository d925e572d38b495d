"""What every page's template may use."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, and where the socket server is."""
    return {"demo": settings.CC_DEMO, "live_url": settings.CC_LIVE_URL}
