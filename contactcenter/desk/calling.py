"""Call a ticket's person now: a callback in one's own hands, whether or not one waited already."""

from functools import partial
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter import channel
from contactcenter.accounts.principal import Principal
from contactcenter.channel import LiveChannel
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError
from contactcenter.routing import calls as live
from contactcenter.routing import holding
from contactcenter.routing import services as routing
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets.selectors import by_reference


@transaction.atomic
def call_now(reference: str, by: Principal) -> WorkItem:
    """Take up the ticket's callback, or open one, and have it carried out; a callback already in hand is that one.

    AlreadyTakenError where a colleague is calling, InvalidError where the person is on the line.
    """
    holding.lock_tickets([by_reference(by, reference).pk])
    holding.hold_agent(by.agent_id)  # in their order; what follows renews leases, which a call sets aside
    ticket = writable(reference, by)
    open_items = WorkItem.objects.unfinished().filter(ticket=ticket)
    if open_items.filter(kind=Kind.CALL).exists():
        raise InvalidError(_("This person is on the line: answer the call."))
    item = open_items.filter(kind=Kind.CALLBACK).order_by("enqueued_at").first()
    if item is None:
        item = routing.open_work_item(ticket, Kind.CALLBACK, actor=by.actor)
    item = live.take_up(item.pk, by)
    phone = cast("LiveChannel", channel.get(item.channel))
    transaction.on_commit(partial(phone.connect, item.pk, by.agent_id))
    return item
