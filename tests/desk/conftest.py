"""The desk's sentences are read in the house's language, whatever page an earlier test looked at."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    with translation.override(settings.LANGUAGE_CODE):
        yield
