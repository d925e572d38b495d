"""An agent notes what showed who the person is, or takes a mistake back; the story says so."""

from django.db import transaction
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.people import evidence
from contactcenter.people.models import Evidence
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
