"""Two requests that have to do with each other, with a word saying why; both show it.

Of one that the reader does not see, reference, office and state are told, as of a person's other requests.
"""

from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.related import Related, related, told
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Ticket, TicketLink
from contactcenter.tickets.reference import cleaned
from contactcenter.tickets.services import locked

LONGEST, MOST = 60, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """Another request and why it is linked; the word is told to who sees both."""

    other: Related
    word: str


@transaction.atomic
def link(reference: str, other: str, word: str, by: Principal) -> TicketLink:
    """Link two requests; again, the word is the new one."""
    here, there = _both(reference, other, by)
    why = " ".join(word.split())
    if not why or len(why) > LONGEST:
        raise InvalidError(_("Say in a word or two why: at most %(most)d signs.") % {"most": LONGEST})
    newest = _newest(here)
    known = newest.get(there.pk)
    if known and known.word == why:
        return known
    if known is None and len(newest) >= MOST:
        raise InvalidError(_("A request is linked to at most %(most)d others.") % {"most": MOST})
    first, second = sorted((here, there), key=lambda one: one.pk)
    facts = {"word": why, "actor": by.actor, "at": timezone.now()}
    row = TicketLink.objects.update_or_create(first=first, second=second, defaults=facts)[0]
    for one, another in ((here, there), (there, here)):
        record(one, "ticket.related", actor=by.actor, link=row.pk, other=another.reference)
    return row


@transaction.atomic
def unlink(reference: str, other: str, by: Principal) -> bool:
    """Take a link away, with those of what was put into either; whether there was one."""
    ticket = writable(reference, by)
    there = _whole_of(cleaned(other))
    rows = list(_of(ticket).filter(Q(first__in=there) | Q(second__in=there)).select_related("first", "second"))
    for row in rows:
        for one, another in ((row.first, row.second), (row.second, row.first)):
            record(one, "ticket.unrelated", actor=by.actor, link=row.pk, other=another.reference)
        row.delete()
    return bool(rows)


def links_of(ticket: Ticket, by: Principal) -> list[Linked]:
    """The requests linked to this one, the newest link first; of several to one matter the newest alone."""
    links = [(_other(row, ticket), row.word) for row in islice(_newest(ticket).values(), MOST)]
    numbers = [other.pk for other, _word in links]
    mine = set(selectors.visible(by).filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    return [
        Linked(other=told(other, seen=other.pk in mine), word=word if other.pk in mine else "") for other, word in links
    ]


def _newest(ticket: Ticket) -> dict[int, TicketLink]:
    """The newest link to each other matter, by the id of the request that it goes on as; the newest first."""
    links: dict[int, TicketLink] = {}
    for row in _of(ticket).select_related("first__office", "second__office").order_by("-at", "-pk"):
        other = _other(row, ticket)
        links.setdefault(other.merged_into_id or other.pk, row)
    return links


def _other(row: TicketLink, ticket: Ticket) -> Ticket:
    return row.second if ticket.pk in (row.first_id, row.first.merged_into_id) else row.first


def _of(ticket: Ticket) -> QuerySet[TicketLink]:
    """Its links, and those of requests that were put into it; but none between them."""
    whole = selectors.whole(ticket)
    here, there = Q(first__in=whole), Q(second__in=whole)
    return TicketLink.objects.filter(here | there).exclude(here & there)


def _whole_of(reference: str) -> QuerySet[Ticket]:
    """The request of this reference with what was put into it, or the one it was put into with all that was."""
    into = Ticket.objects.filter(reference=reference).values_list(Coalesce("merged_into", "pk"))
    return Ticket.objects.filter(Q(pk__in=into) | Q(merged_into__in=into))


def _both(reference: str, other: str, by: Principal) -> tuple[Ticket, Ticket]:
    """Both, locked in one order. The other must be seen, or be known as a request of the same person."""
    here = selectors.by_reference(by, reference)
    there = _reachable(here, cleaned(other), by)
    if here.pk == there.pk:
        raise InvalidError(_("A request is not linked to itself."))
    for number in sorted((here.pk, there.pk)):
        locked(number)
    return writable(here.reference, by), there


def _reachable(here: Ticket, other: str, by: Principal) -> Ticket:
    try:
        return selectors.by_reference(by, other)
    except NotFoundError:
        known = {one.reference for one in related(here, by)}
        found = Ticket.objects.filter(reference=other).first() if other in known else None
        if found is None:
            raise
        return found
