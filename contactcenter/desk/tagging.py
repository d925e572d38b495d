"""Tags: an office's own few words on its tickets, by which they are found again."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError
from contactcenter.tickets import selectors
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Tag, Ticket, TicketTag

LONGEST = 30
ON_ONE, IN_OFFICE = 12, 200  # so many that they can still be read at a glance


def cleaned(name: str) -> str:
    """A tag as it is kept: one line, in small letters, without the sign some write before it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).casefold().lstrip("# ").split())


@transaction.atomic
def tag(reference: str, name: str, by: Principal) -> list[str]:
    """Mark a ticket with a word of its office, new or known; again, nothing changes. Returns the ticket's tags."""
    ticket = writable(reference, by)
    word = cleaned(name)
    if not word or len(word) > LONGEST or "," in word:
        raise InvalidError(
            _("A tag is one word or a few, at most %(most)d signs, without a comma.") % {"most": LONGEST}
        )
    here = tags_of(ticket)
    if word in here:
        return here
    if len(here) >= ON_ONE:
        raise InvalidError(_("A request has at most %(most)d tags: take one off first.") % {"most": ON_ONE})
    found = Tag.objects.filter(office=ticket.office_id, name=word).first() or _new(ticket, word)
    TicketTag.objects.create(ticket=ticket, tag=found, actor=by.actor)
    record(ticket, "ticket.tagged", actor=by.actor, tag=found.pk)
    return tags_of(ticket)


@transaction.atomic
def untag(reference: str, name: str, by: Principal) -> list[str]:
    """Take a tag off, whichever office's it is; again, nothing changes. Returns the ticket's tags."""
    ticket = writable(reference, by)
    for row in _on(ticket).filter(tag__name=cleaned(name)):
        record(ticket, "ticket.untagged", actor=by.actor, tag=row.tag_id)
        row.delete()
    return tags_of(ticket)


def tags_of(ticket: Ticket) -> list[str]:
    """The ticket's tags, by name."""
    return list(_on(ticket).order_by("tag__name").values_list("tag__name", flat=True).distinct())


def known_tags(by: Principal) -> list[str]:
    """The tags of the offices this one serves, by name."""
    tags = Tag.objects.all() if by.offices is None else Tag.objects.filter(office__in=by.offices)
    return list(tags.order_by("name").values_list("name", flat=True).distinct()[:IN_OFFICE])


def _on(ticket: Ticket) -> QuerySet[TicketTag]:
    """Its tags, and those of requests that were put into it."""
    return TicketTag.objects.filter(ticket__in=selectors.whole(ticket))


def _new(ticket: Ticket, word: str) -> Tag:
    if Tag.objects.filter(office=ticket.office_id).count() >= IN_OFFICE:
        raise InvalidError(_("Your office has %(most)d tags already: use one of them.") % {"most": IN_OFFICE})
    return Tag.objects.get_or_create(office_id=ticket.office_id, name=word)[0]
