"""The catalogue: procedures as they are published now."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from contactcenter.api import cursors
from contactcenter.api.answers import ProcedurePage
from contactcenter.api.lists import DEFAULT, Cursor, Limit
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.shaping import procedure_out
from contactcenter.procedures.selectors import published

router = Router(tags=["procedures"])

LIST = "procedures"


@router.get("", response={200: ProcedurePage, **ERRORS})
def list_procedures(
    request: HttpRequest,
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> HttpResponse:
    """The published procedures, by code."""
    after = cursors.opened(LIST, cursor) if cursor else ""
    versions = sorted(published(), key=lambda version: version.procedure.code)
    left = [version for version in versions if version.procedure.code > after]
    shown = left[:limit]
    more = cursors.seal(LIST, shown[-1].procedure.code) if len(left) > limit else None
    page: ProcedurePage = {"items": [procedure_out(version) for version in shown], "next": more}
    return answer(page)
