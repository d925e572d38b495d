"""Watch that no procedure has come to depend on the Internet since it was published."""

from functools import partial

from contactcenter.offices.models import Office
from contactcenter.procedures.parity import Gap
from contactcenter.procedures.services import all_gaps
from contactcenter.reports.alarms import Wrong, settle


def sweep_parity() -> tuple[int, int]:
    """Open an alarm for each gap and close those that are mended; returns how many of each."""
    ids = dict(Office.objects.values_list("slug", "pk"))
    return settle(
        "parity", {_key(gap): Wrong(says=partial(_told, gap), office_id=ids.get(gap.office)) for gap in all_gaps()}
    )


def _key(gap: Gap) -> str:
    return f"{gap.procedure}.{gap.code}.{gap.office}".rstrip(".")


def _told(gap: Gap) -> str:
    return gap.sentence
