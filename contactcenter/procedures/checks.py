"""System checks: no procedure leaves people without the Internet outside."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError, transaction

from contactcenter.errors import DomainError
from contactcenter.procedures.models import ProcedureVersion
from contactcenter.procedures.parity import DOOR_BEHIND, Gap, gaps
from contactcenter.procedures.reading import OURS, read_catalogue
from contactcenter.procedures.selectors import published
from contactcenter.procedures.services import all_gaps

EVERY_DOOR = frozenset(DOOR_BEHIND.values())


@register("procedures")
def our_catalogue(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The catalogue that comes with the product can be published wherever every door is open."""
    try:
        entries = read_catalogue(OURS.read_text("utf-8"))
    except (OSError, DomainError) as error:
        return [checks.Error(f"{OURS.name}: {error}", id="procedures.E001")]
    found = [gap for one in entries for gap in gaps(one.code, one.channels_in, one.channels_out, EVERY_DOOR)]
    return [checks.Error(gap.sentence, hint=f"Mend {OURS}.", id="procedures.E002") for gap in found]


@register(Tags.database)
def published_procedures(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What is published, judged on the doors of today; without tables yet there is nothing to say.

    An error where no door could mend it, since such a version got past us; a warning where a door was closed since:
    the service must still be able to migrate and start.
    """
    if "default" not in (databases or ()):
        return []
    try:
        with transaction.atomic():
            hopeless = {(gap.procedure, gap.code) for version in published() for gap in _without_any_door(version)}
            return [_told(gap, hopeless=(gap.procedure, gap.code) in hopeless) for gap in all_gaps()]
    except DatabaseError:
        return []


def _without_any_door(version: ProcedureVersion) -> list[Gap]:
    return gaps(version.procedure.code, version.channels_in, version.channels_out, EVERY_DOOR)


def _told(gap: Gap, *, hopeless: bool) -> CheckMessage:
    if hopeless:
        return checks.Error(gap.sentence, hint="Publish another version.", id=f"procedures.E003.{gap.code}")
    return checks.Warning(gap.sentence, hint="Open such a door in the admin.", id=f"procedures.W001.{gap.code}")
