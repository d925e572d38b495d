"""The supervisor's pages: what if we were more, and what happened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from contactcenter.accounts.principal import Principal
from contactcenter.reports import charts, staffing
from contactcenter.reports.forms import StaffingForm
from contactcenter.reports.rights import LEADERS, for_roles


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
