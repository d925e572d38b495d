"""Other requests of the same person. Of another office's only reference, office and state are told."""

from dataclasses import dataclass

from contactcenter.accounts.principal import Principal
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.selectors import visible

MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another request of the person; `subject` is "" where the reader may not see it."""

    reference: str
    office: str
    office_name: str
    state: str
    state_word: str
    subject: str
    seen: bool


def related(ticket: Ticket, by: Principal) -> list[Related]:
    """The person's other requests, the newest first; none where we do not know who it is."""
    if ticket.person_id is None:
        return []
    others = Ticket.objects.filter(person=ticket.person_id, merged_into=None).exclude(pk=ticket.pk)
    rows = list(others.select_related("office").order_by("-opened_at", "-pk")[:MOST])
    mine = set(visible(by).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True)) if rows else set()
    return [told(row, seen=row.pk in mine) for row in rows]


def told(row: Ticket, *, seen: bool) -> Related:
    """As much of a request as its reader may know. Needs its office."""
    return Related(
        reference=row.reference,
        office=row.office.slug,
        office_name=row.office.name,
        state=row.state,
        state_word=str(row.get_state_display()),
        subject=row.subject if seen else "",
        seen=seen,
    )
