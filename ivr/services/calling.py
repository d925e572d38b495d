"""Call a person now, from their ticket."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk import calling
from contactcenter.errors import InvalidError
from contactcenter.routing.models import WorkItem
from contactcenter.tickets import selectors
from ivr.models import Call, CallState
from ivr.services import callbacks, legs, outgoing
from ivr.services.agent_lines import line_of


def call_now(reference: str, by: Principal) -> Call:
    """Dial the agent, and the person once the agent's line is proved; told again, the same call goes on."""
    ticket = selectors.by_reference(by, reference)
    number = callbacks.number_now(ticket)
    if not number:
        raise InvalidError(_("We know no telephone number of this person."))
    if not outgoing.may_call(number):
        raise InvalidError(_("This number is in a country that we do not call, or costs extra."))
    if outgoing.is_spent(number):
        raise InvalidError(_("This number was called too often today; it can be called again tomorrow."))
    return _connecting(calling.call_now(reference, by), by)


@transaction.atomic
def _connecting(item: WorkItem, by: Principal) -> Call:
    legs.connect(item.pk, by.agent_id, line_of(by.agent_id))  # again does nothing
    call = Call.objects.filter(work_item_id=item.pk).exclude(state=CallState.ENDED).order_by("-pk").first()
    if call is None:
        raise InvalidError(_("Your own telephone cannot be called: enter another in the admin."))
    return call
