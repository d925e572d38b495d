"""What every list takes: `limit` and `cursor`; an empty parameter is one that was not given."""

from typing import Annotated

from ninja import Query
from pydantic import BeforeValidator

DEFAULT, MOST = 50, 100


def _given(value: object) -> object:
    return DEFAULT if value == "" else value


Limit = Annotated[int, BeforeValidator(_given), Query(DEFAULT, ge=1, le=MOST)]
Cursor = Annotated[str, Query("", max_length=2000)]
