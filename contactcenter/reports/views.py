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
from contactcenter.offices.zones import shared_zone
from contactcenter.reports import charts, sheet, staffing, tables
from contactcenter.reports.board import office_named
from contactcenter.reports.calls import Fate
from contactcenter.reports.forms import StaffingForm
from contactcenter.reports.period import HALF, Report, Row, period_asked, report
from contactcenter.reports.rights import LEADERS, READERS, for_roles


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
    zone = office.zone if office else shared_zone(by.offices)
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
        rows = {"classes": tables.classes, "callbacks": tables.callbacks}.get(table, tables.intervals)(found)
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
        "head": tables.head(),
        "class_head": tables.class_head(),
        "callbacks": tables.callbacks(found),
        "classes": [(*tables.named(*key), tally) for *key, tally in found.total.written.by_class],
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


def _calls_chart(rows: list[Row]) -> str:
    layers = {fate: name for fate, name in tables.fates().items() if fate != Fate.WAITING}
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
            for channel, name in tables.channels().items()
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


def _as_sheet(found: Report, office: Office | None, rows: list[list[sheet.Cell]], which: str) -> HttpResponse:
    response = HttpResponse(sheet.written(rows), content_type="text/csv; charset=utf-8")
    when = "-".join(value for _name, value in parse_qsl(found.period.asked))
    name = f"report-{when}{which}{f'-{office.slug}' if office else ''}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
