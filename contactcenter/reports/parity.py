"""Watch that no procedure has come to depend on the Internet since it was published."""

from contactcenter.procedures.services import all_gaps
from contactcenter.reports.alarms import settle


def sweep_parity() -> tuple[int, int]:
    """Open an alarm for each gap and close those that are mended; returns how many of each."""
    return settle(
        "parity", {f"{gap.procedure}.{gap.code}.{gap.office}".rstrip("."): gap.sentence for gap in all_gaps()}
    )
