"""What every test starts from."""

import pytest

from contactcenter.offices import hours


@pytest.fixture(autouse=True)
def _fresh_hours() -> None:
    """Hours are remembered for half a minute; each test has its own."""
    hours.forget()
