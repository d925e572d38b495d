"""What the asker may not see is not there: asked before any mistake in the request is told."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.accounts.principal import Principal
from contactcenter.api.auth import asker
from contactcenter.desk import incidents
from contactcenter.errors import NotFoundError
from contactcenter.ids import id_in
from contactcenter.routing.models import WorkItem
from contactcenter.tickets import reference as references
from contactcenter.tickets.selectors import visible


def must_see(request: HttpRequest) -> None:
    """Raise NotFoundError unless the ticket or work item that the path names is there and the asker's to see."""
    by = asker(request)
    named = request.resolver_match.kwargs if request.resolver_match else {}
    if "reference" in named and not _is_ticket(named["reference"], by):
        raise NotFoundError(_("There is no request %(reference)s that you can see.") % named)
    if "work_item_id" in named and not _is_work(named["work_item_id"], by):
        raise NotFoundError(_("There is no such work that you can see."))
    if "number" in named:
        incidents.numbered(named["number"])
    for name in channel.names():
        if see := getattr(channel.get(name), "must_see", None):
            see(named, by)


def _is_ticket(reference: str, by: Principal) -> bool:
    return references.is_valid(reference) and visible(by).filter(reference=reference).exists()


def _is_work(work_item_id: str, by: Principal) -> bool:
    number = id_in(work_item_id)
    return number is not None and WorkItem.objects.filter(pk=number, ticket__in=visible(by)).exists()
