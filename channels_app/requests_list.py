"""A page of requests as their list shows them: what each is about, how it stands, in whose hands it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from channels_app import card, words
from contactcenter.accounts.principal import Principal
from contactcenter.addresses import addresses
from contactcenter.routing.models import Assignment
from contactcenter.tickets.listing import NEWEST_FIRST, after, place_of
from contactcenter.tickets.models import Ticket, TicketQuerySet

SHOWN = 50
FACTS = ("reference", "channel", "subject", "state", "opened_at", "person__name", "procedure__name")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request; `holders` have it in hand."""

    reference: str
    address: str
    spoken: str
    icon: str
    channel: str
    who: str
    subject: str
    state: str
    state_word: str
    procedure: str
    holders: str
    opened_at: str
    opened: str


def page(rows: TicketQuerySet, place: str) -> tuple[list[RequestLine], str]:
    """Some of these tickets from a place on, and the place of the next page; "" where there is none."""
    rows = after(rows, place) if place else rows
    shown = rows.select_related("person", "procedure").only(*FACTS).order_by(*NEWEST_FIRST)
    found = list(shown[: SHOWN + 1])
    following = place_of(found[SHOWN - 1]) if len(found) > SHOWN else ""
    found = found[:SHOWN]
    holders = _holders(found)
    address, now = addresses("desk:ticket"), timezone.now()
    return [
        _line(ticket, address(ticket.reference), ", ".join(holders.get(ticket.pk, ())), now) for ticket in found
    ], following


def of_mine(rows: TicketQuerySet, by: Principal) -> TicketQuerySet:
    """Those on which this one has, or has had, work in hand."""
    mine = Ticket.objects.filter(work_items__assignments__agent=by.agent_id or 0)
    return rows.filter(pk__in=mine.values("pk"))


def _holders(tickets: Sequence[Ticket]) -> dict[int, list[str]]:
    held = Assignment.objects.filter(work_item__ticket__in=[ticket.pk for ticket in tickets], ended_at=None)
    names: dict[int, list[str]] = {}
    for ticket, holder in held.order_by("pk").values_list("work_item__ticket", "holder"):
        known = names.setdefault(ticket, [])
        if holder not in known:
            known.append(holder)
    return names


def _line(ticket: Ticket, address: str, holders: str, now: datetime) -> RequestLine:
    procedure = card.procedure_name(ticket.procedure)
    return RequestLine(
        reference=ticket.reference,
        address=address,
        spoken=words.digits(ticket.reference),
        icon=ticket.channel,
        channel=str(words.CHANNELS.get(ticket.channel, ticket.channel)),
        who=(ticket.person.name if ticket.person else "") or gettext("Name not known"),
        subject=ticket.subject or procedure or gettext("No subject"),
        state=ticket.state,
        state_word=ticket.get_state_display(),
        procedure=procedure if ticket.subject else "",
        holders=holders,
        opened_at=ticket.opened_at.isoformat(),
        opened=words.when(ticket.opened_at, now),
    )
