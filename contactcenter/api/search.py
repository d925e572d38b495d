"""Search over everything that the asker may see."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from contactcenter.api import cursors
from contactcenter.api.answers import HitPage
from contactcenter.api.auth import principal
from contactcenter.api.lists import DEFAULT, Cursor, Limit
from contactcenter.api.responses import ERRORS, answer
from contactcenter.api.shaping import hit_out
from contactcenter.search.selectors import search

router = Router(tags=["search"])
LIST = "search"


@router.get("/search", response={200: HitPage, **ERRORS})
def find(
    request: HttpRequest, q: Annotated[str, Query("")], limit: Limit = DEFAULT, cursor: Cursor = ""
) -> HttpResponse:
    """Tickets by words of what was said, a name, a reference, a number or an address; the newest first."""
    before = int(cursors.opened(LIST, cursor)) if cursor else None
    hits, following = search(principal(request), q, limit=limit, before=before)
    page: HitPage = {
        "items": [hit_out(hit) for hit in hits],
        "next": cursors.seal(LIST, str(following)) if following else None,
    }
    return answer(page)
