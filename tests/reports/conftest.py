"""The time of these tests goes on when told to."""

import pytest
from django.utils import timezone

from ivr.services import calls
from tests.reports.histories import MONDAY, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A Monday at nine."""
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock.now)
    calls.forget_lines()
    return clock
