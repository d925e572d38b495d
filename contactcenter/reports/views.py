"""The supervisor's pages: what if we were more, and what happened."""

from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.offices.models import Office
from contactcenter.reports import charts, sheet, staffing
from contactcenter.reports.board import office_named
from contactcenter.reports.forms import StaffingForm
from contactcenter.reports.period import HALF, Report, Row, period_asked, report
from contactcenter.reports.phone import Fate, Owed
from contactcenter.reports.rights import LEADERS, READERS, for_roles
from contactcenter.reports.written import WRITTEN, Tally
from contactcenter.routing.classes import NAMES


@require_GET
@for_roles(LEADERS)
def what_if(request: HttpRequest, by: Principal) -> HttpResponse:
    """How many agents the telephone needs."""
    form = StaffingForm.asked(request.GET)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        question = form.question()
        enough = staffing.fewest(question)
        rows = staffing.around(question, enough)
        context |= {"question": question, "enough": enough, "rows": rows, "chart": _answered_chart(rows, question)}
    return render(request, "reports/staffing.html", context, status=200 if form.is_valid() else 422)


def _answered_chart(rows: list[staffing.Row], question: staffing.Question) -> str:
    found = [row.found for row in rows]
    return charts.lines(
        [str(row.agents) for row in rows],
        [
            charts.Series(name=_("answered in time"), values=[each.within if each else None for each in found]),
            charts.Series(name=_("given up"), values=[each.abandoned if each else None for each in found]),
            charts.Series(name=_("occupancy"), values=[each.occupancy if each else None for each in found]),
        ],
        title=_("Share of calls by number of agents; the table gives the numbers"),
        top=1.0,
        mark=question.goal,
        told=charts.percent,
    )


@require_GET
@for_roles(READERS)
def over_time(request: HttpRequest, by: Principal) -> HttpResponse:
    """A day in hours or half-hours, or a month in days: pictures, the table beside them, and the same as CSV."""
    office = _office(request, by)
    zone = office.zone if office else timezone.get_default_timezone()
    now = timezone.now()
    today, refusal = now.astimezone(zone).date(), ""
    try:
        asked = (request.GET.get("day", ""), request.GET.get("month", ""))
        period = period_asked(*asked, zone, today, request.GET.get("step", ""))
    except InvalidError as error:
        period, refusal = period_asked("", "", zone, today), str(error)
    found = report(period, {office.pk} if office else by.offices, now)
    if request.GET.get("format") == "csv" and not refusal:
        table = request.GET.get("table", "")
        rows = {"classes": _classes, "callbacks": _callbacks}.get(table, _intervals)(found)
        return _as_sheet(found, office, rows, f"-{table}" if table in ("classes", "callbacks") else "")
    offices = list(Office.objects.all() if by.offices is None else Office.objects.filter(pk__in=by.offices))
    context = {
        "report": found,
        "refusal": refusal,
        "where": office.name if office else ", ".join(one.name for one in offices[:3]) + ("…" if offices[3:] else ""),
        "office": office.slug if office else "",
        "offices": offices if len(offices) > 1 else [],
        "today": today,
        "kept": dict(parse_qsl(period.asked)),
        "half": period.step == HALF,
        "head": _head(),
        "class_head": _class_head(),
        "callbacks": _callbacks(found),
        "classes": [(*_named(*key), tally) for *key, tally in found.total.written.by_class],
        "share_chart": _share_chart(found.rows),
        "calls_chart": _calls_chart(found.rows),
        "written_chart": _written_chart(found.rows),
    }
    return render(request, "reports/report.html", context, status=422 if refusal else 200)


def _office(request: HttpRequest, by: Principal) -> Office | None:
    try:
        return office_named(request.GET.get("office", ""), by)
    except NotFoundError as error:
        raise Http404(str(error)) from error


def _head() -> list[str]:
    return [
        _("From"),
        _("Offered"),
        *(str(one) for one in _fates().values()),
        _("Share answered"),
        _("In time"),
        _("Mean wait"),
        _("Mean length"),
        _("of it on hold"),
        *(_("%(channel)s: arrived") % {"channel": name} for name in _channels().values()),
        _("Finished"),
        _("Late"),
        _("9 in 10, × promise"),
        _("Occupancy"),
    ]


def _class_head() -> list[str]:
    return [
        _("Channel"),
        _("Class"),
        _("Arrived"),
        _("Finished"),
        _("Late"),
        _("9 in 10, × promise"),
    ]


def _named(channel: str, service_class: str) -> tuple[str, str]:
    return _channels()[channel], str(NAMES.get(service_class, service_class))


def _fates() -> dict[Fate, str]:
    return {
        Fate.ANSWERED: _("by an agent"),
        Fate.CALLED_BACK: _("called back"),
        Fate.ABANDONED: _("hung up"),
        Fate.SHORT: _("hung up at once"),
        Fate.MESSAGE: _("left a message"),
        Fate.WAITING: _("still waiting"),
    }


def _channels() -> dict[str, str]:
    return dict(zip(WRITTEN, (_("E-mail"), _("Form"), _("Paper")), strict=True))


def _calls_chart(rows: list[Row]) -> str:
    layers = {fate: name for fate, name in _fates().items() if fate != Fate.WAITING}
    return charts.columns(
        [row.label for row in rows],
        [charts.Series(name=name, values=[row.phone.counts[fate] for row in rows]) for fate, name in layers.items()],
        title=_("Calls by what became of them; the table gives the numbers"),
    )


def _written_chart(rows: list[Row]) -> str:
    return charts.columns(
        [row.label for row in rows],
        [
            charts.Series(name=name, values=[row.written.arrived[channel] for row in rows])
            for channel, name in _channels().items()
        ],
        title=_("What arrived in writing, by channel; the table gives the numbers"),
    )


def _share_chart(rows: list[Row]) -> str:
    return charts.lines(
        [row.label for row in rows],
        [
            charts.Series(name=_("answered in time"), values=[row.phone.service_level for row in rows]),
            charts.Series(name=_("occupancy"), values=[row.occupancy for row in rows]),
        ],
        title=_("Share of calls answered in time, and occupancy; the table gives the numbers"),
        top=1.0,
        told=charts.percent,
    )


def _intervals(found: Report) -> list[list[sheet.Cell]]:
    return [[*_head()], *(_cells(row) for row in [*found.rows, found.total])]


def _classes(found: Report) -> list[list[sheet.Cell]]:
    written = found.total.written
    rows: list[list[sheet.Cell]] = [
        [*_named(channel, service_class), *_tallied(tally)] for channel, service_class, tally in written.by_class
    ]
    return [[*_class_head()], *rows, [_("Together"), "", *_tallied(written.whole)]]


def _callbacks(found: Report) -> list[list[sheet.Cell]]:
    head: list[sheet.Cell] = [_("From"), _("Promised"), *_owed().values(), _("Hours promised"), _("Hours missed")]
    return [head, *(_owed_cells(row) for row in [*found.rows, found.total])]


def _owed_cells(row: Row) -> list[sheet.Cell]:
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


def _tallied(tally: Tally) -> list[sheet.Cell]:
    lateness = tally.lateness
    return [tally.arrived, tally.finished, tally.late, None if lateness is None else round(lateness, 2)]


def _as_sheet(found: Report, office: Office | None, rows: list[list[sheet.Cell]], which: str) -> HttpResponse:
    response = HttpResponse(sheet.written(rows), content_type="text/csv; charset=utf-8")
    when = "-".join(value for _name, value in parse_qsl(found.period.asked))
    name = f"report-{when}{which}{f'-{office.slug}' if office else ''}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _cells(row: Row) -> list[sheet.Cell]:
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
