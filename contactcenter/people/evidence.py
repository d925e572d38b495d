"""What showed who somebody is: noted by whoever saw it, taken back where it was a mistake, never deleted."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.errors import InvalidError
from contactcenter.people.assurance import KINDS, Assurance, assurance
from contactcenter.people.models import ContactPoint, Evidence, Person


@transaction.atomic
def note(person: Person, kind: str, *, actor: str, label: str) -> tuple[Evidence, bool]:
    """Note that somebody saw this; and whether it is new. What proves a contact point as well marks it as proved."""
    if kind not in KINDS:
        raise InvalidError(_("There is no such kind of evidence."))
    try:
        with transaction.atomic():
            seen = Evidence.objects.create(person=person, kind=kind, actor=actor, label=label[:120])
    except IntegrityError:  # it is noted already
        return Evidence.objects.get(person=person, kind=kind, withdrawn_at=None), False
    _prove_point(person, KINDS[kind].point)
    return seen, True


@transaction.atomic
def take_back(evidence: Evidence, *, actor: str) -> bool:
    """It was a mistake; whether it still stood. The row stays, with who took it back."""
    standing = Evidence.objects.filter(pk=evidence.pk, withdrawn_at=None)
    if not standing.update(withdrawn_at=timezone.now(), withdrawn_by=actor):
        return False
    points = ContactPoint.objects.filter(person=evidence.person_id, proved_at__gte=evidence.at)
    points.filter(kind=KINDS[evidence.kind].point if evidence.kind in KINDS else "").update(proved_at=None)
    return True


def standing(person: Person) -> list[Evidence]:
    """What stands, the oldest first."""
    return list(Evidence.objects.filter(person=person, withdrawn_at=None).order_by("at", "pk"))


def assured(person: Person | None, evidence: list[Evidence]) -> Assurance:
    """How well this person is known, by what stands."""
    return assurance(named=bool(person and person.name), evidence=[one.kind for one in evidence])


def _prove_point(person: Person, kind: str) -> None:
    """With one point of that kind there is no doubt which one it was; with several, none is marked."""
    points = list(ContactPoint.objects.current().filter(person=person, kind=kind)[:2]) if kind else []
    if len(points) == 1 and points[0].proved_at is None:
        ContactPoint.objects.filter(pk=points[0].pk).update(proved_at=timezone.now())
