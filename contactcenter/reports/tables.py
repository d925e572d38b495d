"""A report as tables: what stands above each column, and what in each row, on the page and in the file alike."""

from django.utils.translation import gettext as _

from contactcenter.reports.calls import Fate, Owed
from contactcenter.reports.period import Report, Row
from contactcenter.reports.sheet import Cell
from contactcenter.reports.written import WRITTEN, Tally
from contactcenter.routing.classes import NAMES


def head() -> list[str]:
    """Of the table of intervals."""
    return [
        _("From"),
        _("Offered"),
        *(str(one) for one in fates().values()),
        _("Share answered"),
        _("In time"),
        _("Mean wait"),
        _("Mean length"),
        _("of it on hold"),
        *(_("%(channel)s: arrived") % {"channel": name} for name in channels().values()),
        _("Finished"),
        _("Late"),
        _("9 in 10, × promise"),
        _("Occupancy"),
    ]


def class_head() -> list[str]:
    """Of the table of classes."""
    return [
        _("Channel"),
        _("Class"),
        _("Arrived"),
        _("Finished"),
        _("Late"),
        _("9 in 10, × promise"),
    ]


def named(channel: str, service_class: str) -> tuple[str, str]:
    """A channel and a class as people call them."""
    return channels()[channel], str(NAMES.get(service_class, service_class))


def fates() -> dict[Fate, str]:
    """What becomes of a call, by name."""
    return {
        Fate.ANSWERED: _("by an agent"),
        Fate.CALLED_BACK: _("called back"),
        Fate.ABANDONED: _("hung up"),
        Fate.SHORT: _("hung up at once"),
        Fate.MESSAGE: _("left a message"),
        Fate.WAITING: _("still waiting"),
    }


def channels() -> dict[str, str]:
    """The channels of written work, by name."""
    return dict(zip(WRITTEN, (_("E-mail"), _("Form"), _("Paper")), strict=True))


def intervals(found: Report) -> list[list[Cell]]:
    """Every interval, and last their sum."""
    return [[*head()], *(_cells(row) for row in [*found.rows, found.total])]


def classes(found: Report) -> list[list[Cell]]:
    """Written work by channel and class, and last its sum."""
    written = found.total.written
    rows: list[list[Cell]] = [
        [*named(channel, service_class), *_tallied(tally)] for channel, service_class, tally in written.by_class
    ]
    return [[*class_head()], *rows, [_("Together"), "", *_tallied(written.whole)]]


def callbacks(found: Report) -> list[list[Cell]]:
    """The callbacks that were promised, by interval, and what became of them."""
    head: list[Cell] = [_("From"), _("Promised"), *_owed().values(), _("Hours promised"), _("Hours missed")]
    return [head, *(_owed_cells(row) for row in [*found.rows, found.total])]


def _owed_cells(row: Row) -> list[Cell]:
    of_phone = row.phone
    return [
        row.label,
        of_phone.callbacks_promised,
        *(of_phone.callbacks[one] for one in _owed()),
        of_phone.hours,
        of_phone.hours_missed,
    ]


def _owed() -> dict[Owed, str]:
    return {
        Owed.KEPT: _("reached in time"),
        Owed.LATE: _("reached late"),
        Owed.UNREACHED: _("unreached"),
        Owed.SETTLED: _("no longer needed"),
        Owed.OPEN: _("still owed"),
    }


def _tallied(tally: Tally) -> list[Cell]:
    lateness = tally.lateness
    return [tally.arrived, tally.finished, tally.late, None if lateness is None else round(lateness, 2)]


def _cells(row: Row) -> list[Cell]:
    """Shares as per cent, times in seconds."""
    shares = (row.phone.answered_share, row.phone.service_level)
    times = (row.phone.asa_s, row.phone.aht_s, row.phone.hold_s)
    return [
        row.label,
        row.phone.offered,
        *row.phone.counts.values(),
        *(None if one is None else round(100 * one, 1) for one in shares),
        *(None if one is None else round(one) for one in times),
        *row.written.arrived.values(),
        *_tallied(row.written.whole)[1:],
        None if row.occupancy is None else round(100 * row.occupancy, 1),
    ]
