"""A system check: no published procedure leaves people without the Internet outside."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError, transaction

from contactcenter.procedures.services import all_gaps


@register(Tags.database)
def parity(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of each gap; without tables yet there is nothing to say."""
    if not databases:
        return []
    try:
        with transaction.atomic():
            return [checks.Warning(gap.sentence, id=f"procedures.W001.{gap.code}") for gap in all_gaps()]
    except DatabaseError:
        return []
