"""What lists take: `limit` and `cursor`, and filters; an empty parameter is one that was not given."""

from typing import Annotated

from ninja import Query
from pydantic import BeforeValidator

DEFAULT, MOST = 50, 100


def _given(value: object) -> object:
    return DEFAULT if value == "" else value


def _storable(value: object) -> object:
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


Limit = Annotated[int, BeforeValidator(_given), Query(DEFAULT, ge=1, le=MOST)]
Cursor = Annotated[str, Query("", max_length=8000)]  # the queue names a place in each of its lanes
Filter = Annotated[str, BeforeValidator(_storable), Query("", max_length=500)]
