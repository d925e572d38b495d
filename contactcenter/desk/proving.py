"""An agent notes what showed who the person is, or that others use their number too; the story says so."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.people import evidence, services
from contactcenter.people.models import ContactPoint, Evidence
from contactcenter.tickets.events import record


@transaction.atomic
def note_evidence(reference: str, kind: str, by: Principal) -> Evidence:
    """Note what was seen; again, nothing changes."""
    ticket = writable(reference, by)
    if ticket.person is None:
        raise InvalidError(_("We do not know yet whose request this is, so nothing can be proved about them."))
    seen, fresh = evidence.note(ticket.person, kind, actor=by.actor, label=by.label)
    if fresh:
        record(ticket, "evidence.noted", actor=by.actor, evidence=seen.pk, of=kind)
    return seen


@transaction.atomic
def take_back_evidence(reference: str, evidence_id: int, by: Principal) -> Evidence:
    """It was a mistake; again, nothing changes."""
    ticket = writable(reference, by)
    seen = Evidence.objects.filter(pk=evidence_id, person=ticket.person_id or 0).first()
    if seen is None:
        raise NotFoundError(_("There is no such evidence on this request."))
    if evidence.take_back(seen, actor=by.actor):
        record(ticket, "evidence.withdrawn", actor=by.actor, evidence=seen.pk, of=seen.kind)
    return seen


@transaction.atomic
def give_time(reference: str, by: Principal, *, unhurried: bool) -> None:
    """Say whether the person needs more time for each answer on the telephone; again, nothing changes."""
    ticket = writable(reference, by)
    if ticket.person_id is None:
        raise NotFoundError(_("Nobody is known on this request yet: note a name or a number first."))
    if services.give_time(ticket.person_id, unhurried=unhurried):
        record(ticket, "person.unhurried" if unhurried else "person.hurried", actor=by.actor)


@transaction.atomic
def mark_shared(reference: str, point_id: int, by: Principal, *, shared: bool) -> ContactPoint:
    """Say whether several people use a number or address; again, nothing changes.

    From one that is shared nobody is taken for the person: a call or text from it is a request of its own.
    """
    ticket = writable(reference, by)
    theirs = ContactPoint.objects.filter(person=ticket.person_id or 0).select_for_update(no_key=True)
    point = theirs.filter(pk=point_id).first()
    if point is None:
        raise NotFoundError(_("There is no such address or number on this request."))
    if point.shared != shared:
        point.shared = shared
        point.save(update_fields=["shared"])
        kind = "contact_point.shared" if shared else "contact_point.one_person"
        record(ticket, kind, actor=by.actor, contact_point=point.pk)
    return point
