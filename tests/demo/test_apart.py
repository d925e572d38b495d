"""Pictures of the demo show an office in the morning, whenever they are taken."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contactcenter.demo.apart import where_it_is_morning


@pytest.mark.parametrize("hour", range(24))
def test_there_is_always_a_zone_in_which_it_is_eleven(hour):
    now = datetime(2026, 11, 30, hour, 20, tzinfo=UTC)

    assert now.astimezone(ZoneInfo(where_it_is_morning(now))).hour == 11
