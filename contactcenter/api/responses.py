"""Answers as JSON. They are plain dictionaries checked by the type checker, so nothing validates them again."""

import json
from collections.abc import Mapping, Sequence

from django.http import HttpResponse

from contactcenter.api.answers import Problem

MEDIA_TYPE = "application/json; charset=utf-8"
ERRORS: dict[frozenset[int], type[Problem]] = {frozenset({401, 403, 404, 409, 422}): Problem}


def answer(body: Mapping[str, object] | Sequence[object], *, status: int = 200) -> HttpResponse:
    """The body as compact JSON."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(content.encode(), status=status, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


def nothing() -> HttpResponse:
    """There is nothing to tell: 204."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response
