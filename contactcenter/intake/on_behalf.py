"""Open a ticket for somebody who said it to us in person or through another."""

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Inbound, Speaker
from contactcenter.errors import InvalidError, NotAllowedError
from contactcenter.intake.services import receive
from contactcenter.procedures.selectors import current
from contactcenter.tickets.models import Ticket

CHANNELS = ("phone", "email", "web", "paper")


def open_ticket(
    by: Principal,
    *,
    channel: str,
    person: Speaker | None,
    subject: str,
    text: str,
    procedure: str = "",
    office_id: int | None = None,
    external_id: str | None = None,
) -> Ticket:
    """Record what a person said as a ticket whose message waits in the queue, with its receipt."""
    if not by.may_write:
        raise NotAllowedError(_("An auditor reads; writing is for agents."))
    if channel not in CHANNELS:
        raise InvalidError(_("The channel is one of: %(channels)s.") % {"channels": ", ".join(CHANNELS)})
    if procedure and current(procedure) is None:
        raise InvalidError(_("There is no procedure “%(code)s”.") % {"code": procedure})
    return receive(
        Inbound(
            channel=channel,
            external_id=external_id,
            occurred_at=timezone.now(),
            office_id=office_id or _office_of(by),
            speaker=person,
            subject=subject,
            text=text,
            procedure=procedure,
            needs="message",
            actor=by.actor,
        )
    )


def _office_of(by: Principal) -> int:
    first = min(by.offices, default=None) if by.offices is not None else _first_office()
    if first is None:
        raise InvalidError(_("There is no office yet that could take this request."))
    return first


def _first_office() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM offices_office")
        number: int | None = cursor.fetchone()[0]
    return number
