"""Work items: take a chosen one, give it back, finish it, end its call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from channels_app.views.asking import on_behalf
from channels_app.views.desk import column, refused, there_for_work
from channels_app.views.ticket import page
from channels_app.views.verbs import destination
from contactcenter.accounts.principal import Principal
from contactcenter.desk import surgery, work
from contactcenter.errors import DomainError, NotFoundError
from contactcenter.routing.errors import ReasonWantedError
from contactcenter.routing.models import Assignment, WorkItem, WorkState
from contactcenter.routing.there import absence
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import visible


@require_POST
@on_behalf
def take(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """Take this one, out of order if need be; a caller is connected."""
    there_for_work(by)
    reason = request.POST.get("reason", "").strip()
    try:
        taken = work.take(work_item_id, by, reason=reason)
    except ReasonWantedError as error:
        return render(
            request, "channels_app/desk.html", column(request, by) | {"why": str(error), "work": work_item_id}
        )
    except DomainError as error:
        return refused(request, by, error, work=work_item_id, reason=reason)
    return redirect("desk:ticket", reference=taken.work_item.ticket.reference)


@require_POST
@on_behalf
def release(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """Give it back to its place."""
    try:
        work.release(work_item_id, by)
    except DomainError as error:
        return refused(request, by, error)
    return _given_back(request)


def _given_back(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("Given back: it waits at its old place."))
    return redirect("desk:desk")


@require_POST
@on_behalf
def done(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """Finish it: posted, reached, checked, wrapped up."""
    try:
        item = work.done(work_item_id, by)
    except DomainError as error:
        return refused(request, by, error)
    messages.success(request, gettext("Done."))
    return redirect("desk:ticket", reference=item.ticket.reference)


@require_POST
@on_behalf
def hang_up(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """End the call in my hands; the after-work goes on. One that has not begun is given back."""
    held = Assignment.objects.filter(work_item=work_item_id, actor=by.actor, ended_at=None).exists()
    if not held and not WorkItem.objects.filter(pk=work_item_id, ticket__in=visible(by)).exists():
        raise NotFoundError(gettext("There is no such call that you can see."))
    if not held:
        messages.info(request, gettext("This call is no longer in your hands."))
        return redirect("desk:desk")
    try:
        item = work.hang_up(work_item_id, by)
    except DomainError as error:
        return refused(request, by, error)
    if item.state == WorkState.WAITING:
        return _given_back(request)
    return redirect("desk:ticket", reference=item.ticket.reference)


@require_POST
@on_behalf
def reassign(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """Put it into other hands or another queue, with a reason."""
    queue, agent = destination(request.POST.get("to", ""), by)
    try:
        item = surgery.reassign(work_item_id, by, queue=queue, agent=agent, reason=request.POST.get("reason", ""))
    except DomainError as error:
        return _refused_beside(request, by, work_item_id, "reassign", error)
    said = gettext("It lies with %(to)s now; the reason is on the request.") % {"to": queue or agent}
    messages.success(request, f"{said} {absence(agent) if agent else ''}".strip())
    return redirect("desk:ticket", reference=item.ticket.reference)


@require_POST
@on_behalf
def reprioritise(request: HttpRequest, by: Principal, work_item_id: int) -> HttpResponse:
    """Give it another promise, with a reason."""
    wanted, reason = request.POST.get("service_class", ""), request.POST.get("reason", "")
    try:
        item = surgery.reprioritise(work_item_id, wanted, by, reason=reason)
    except DomainError as error:
        return _refused_beside(request, by, work_item_id, "promise", error)
    messages.success(request, gettext("It has another promise now; the reason is on the request."))
    return redirect("desk:ticket", reference=item.ticket.reference)


def _refused_beside(
    request: HttpRequest, by: Principal, work_item_id: int, form: str, error: DomainError
) -> HttpResponse:
    """The page of its ticket, with the sentence and what was typed; work that one may not see is not there at all."""
    found = Ticket.objects.filter(work_items=work_item_id, pk__in=visible(by)).first()
    if found is None:
        raise error
    return page(request, by, found, typed=request.POST.dict(), shown_form=f"{form}-{work_item_id}", error=error)
