"""An auditor reads and changes nothing, whatever page, form or administration they ask."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from contactcenter.accounts.models import Role

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN = ("/logout/", "/account/")  # one's own session and second factor


class AuditorsRead:
    """Refuse, with a sentence, what would change something. Public doors know nobody, and stay open to everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Asked before a view runs; who asks is looked up for unsafe methods alone."""
        public = not getattr(view, "login_required", True)
        if request.method in SAFE or public or request.path.startswith(OWN):
            return
        if getattr(request.user, "role", "") == Role.AUDITOR:
            raise PermissionDenied(_("An auditor reads; changing something is for agents."))
