"""The supervisors' page: what is heard on each line for now."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contactcenter.accounts.models import User
from contactcenter.accounts.principal import Principal
from contactcenter.desk.models import Incident
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.routing.selectors import principal_for
from ivr.lines import LONGEST, Announcement
from ivr.prompts import CODES, FIRST, language
from ivr.services import announcements as verbs

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    """The lines of their offices, with what is said on each."""
    by = principal_for(cast("User", request.user))  # LoginRequiredMiddleware let them in
    if by.role not in verbs.MAY:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, by)
    number = request.POST.get("line", "")
    try:
        if "off" in request.POST:
            verbs.take_off(int(number) if number.isdigit() else 0, by)
        else:
            texts = {code: request.POST.get(code, "") for code in CODES}
            verbs.put(int(number) if number.isdigit() else 0, texts, by, incident=request.POST.get("incident", ""))
    except NotFoundError as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        return _page(request, by, str(error))
    return redirect("line-announcements")


def _page(request: HttpRequest, by: Principal, refusal: str = "") -> HttpResponse:
    doors = verbs.lines_of(by)
    said = {
        one.door_id: one
        for one in Announcement.objects.filter(ended_at=None, door__in=doors).select_related("incident")
    }
    context = {
        "lines": [{"door": door, "announcement": said.get(door.pk)} for door in doors],
        "incidents": Incident.objects.filter(mended_at=None).order_by("-opened_at")[:SHOWN],
        "first": language(FIRST),
        "others": [language(code) for code in CODES if code != FIRST and language(code).voice],
        "most": LONGEST,
        "refusal": refusal,
        "typed": request.POST.dict(),
    }
    return render(request, "ivr/announcements.html", context, status=422 if refusal else 200)
