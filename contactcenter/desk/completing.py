"""An agent completes the person's card: a name, an address or a number, added or put right; the story says so.

Recording what somebody says of themselves needs no proof. What was proved is another matter: it is changed only for who
is proved, and the former address or number stays on the card, with its proof, and is used no more.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter.accounts.principal import Principal
from contactcenter.channel import Point, Speaker
from contactcenter.desk.services import writable
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.people import evidence, services
from contactcenter.people.assurance import Level
from contactcenter.people.models import ContactPoint, Person
from contactcenter.people.points import LONGEST_ADDRESS, normalised
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.services import add_note

SOURCE = "desk"
_NO_SUCH_THING: dict[str, Promise] = {
    "email": gettext_lazy("This is no e-mail address: one word, an @, and where it is, as in ana@example.org."),
    "phone": gettext_lazy("This is no telephone number: write its ten digits, or + and the country first."),
    "address": gettext_lazy("Write the address as on an envelope, in at most 500 characters."),
}


@transaction.atomic
def complete(
    reference: str,
    by: Principal,
    *,
    name: str = "",
    was: str | None = None,
    points: Sequence[Point] = (),
    corrections: Sequence[tuple[Point, str]] = (),
) -> list[ContactPoint]:
    """Note a name and further addresses or numbers, and put known ones right: all or nothing.

    What is known already changes nothing. `was` is the name that the writer's page showed: with it nobody overwrites
    what a colleague has just written. Returns the addresses and numbers that are new.
    """
    ticket = writable(reference, by)
    for former, value in corrections:
        correct(reference, _known(ticket, former).pk, value, by)
    clean, wanted = [_usable(point) for point in points], services.clean_name(name)
    if ticket.person is None:
        return _made_known(ticket, clean, wanted, by)
    person = _locked(ticket.person)
    if wanted and wanted not in (person.name, was):
        _rename(ticket, person, wanted, was, by)
    before = set(person.contact_points.current().values_list("pk", flat=True))
    kept = [services.add_point(person, point, source=SOURCE) for point in clean]
    fresh = [point for point in dict.fromkeys(kept) if point and point.pk not in before]
    for point in fresh:
        record(ticket, "contact_point.added", actor=by.actor, contact_point=point.pk, of=point.kind)
    return fresh


@transaction.atomic
def correct(reference: str, point_id: int, value: str, by: Principal) -> ContactPoint:
    """Put another value in the place of an address or number; the former one is kept and used no more."""
    ticket = writable(reference, by)
    theirs = ContactPoint.objects.filter(person=ticket.person_id or 0).select_related("person")
    point = theirs.filter(pk=point_id).first()
    if point is None:
        raise NotFoundError(_("There is no such address or number on this request."))
    person = _locked(point.person)
    point.refresh_from_db()
    clean = _usable(Point(kind=point.kind, value=value))
    if clean.value == point.value and not point.former_at:
        return point
    if point.former_at:
        raise InvalidError(_("A colleague has just put this right: look at what stands there now."))
    if point.proved_at:
        _must_be_proved(person)
    fresh = services.replace_point(point, clean, source=SOURCE)
    assert fresh is not None  # it is usable
    if ticket.answer_to_id == point.pk:
        ticket.answer_to = fresh
        ticket.save(update_fields=["answer_to"])
    record(
        ticket,
        "contact_point.corrected",
        actor=by.actor,
        contact_point=fresh.pk,
        instead_of=point.pk,
        of=point.kind,
    )
    return fresh


def _known(ticket: Ticket, point: Point) -> ContactPoint:
    clean = normalised(point)
    rows = ContactPoint.objects.current().filter(person=ticket.person_id or 0)
    found = rows.valued(clean.kind, clean.value).first() if clean else None
    if found is None:
        raise InvalidError(_("The person has no such address or number: “%(value)s”.") % {"value": point.value})
    return found


def _usable(point: Point) -> Point:
    clean = normalised(point)
    if clean is None or (point.kind == "address" and len(point.value.strip()) > LONGEST_ADDRESS):
        raise InvalidError(str(_NO_SUCH_THING[point.kind]))
    return clean


def _locked(person: Person) -> Person:
    """Two agents on two requests of one person come one after the other."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _made_known(ticket: Ticket, points: list[Point], name: str, by: Principal) -> list[ContactPoint]:
    """Nobody was known: the person is found by what is noted now, as at every door, or is new."""
    speaker = Speaker(name=name, points=tuple(points), named=bool(name))
    person, _first = services.recognise(speaker, source=SOURCE, language=ticket.language)
    if person is None:
        return []
    ticket.person = person
    ticket.save(update_fields=["person"])
    record(ticket, "person.found", actor=by.actor, person=person.pk)
    return list(person.contact_points.current())


def _rename(ticket: Ticket, person: Person, name: str, was: str | None, by: Principal) -> None:
    if was is not None and person.name != services.clean_name(was):
        raise InvalidError(
            _("A colleague has just written the name “%(name)s”: look, and put it right once more.")
            % {"name": person.name}
        )
    former = person.name
    if former and evidence.assured(person, evidence.standing(person)).level == Level.MATCHED:
        _must_be_proved(person)
    person.name = name
    person.save(update_fields=["name"])
    if former:  # the event holds no names, and no written word is lost
        add_note(ticket, _("The name stood as: %(name)s") % {"name": former}, actor=by.actor, author=by.label)
    record(ticket, "person.named", actor=by.actor, person=person.pk)


def _must_be_proved(person: Person) -> None:
    if evidence.assured(person, evidence.standing(person)).level < Level.PROVED:
        raise InvalidError(
            _("This was proved: it is changed once the person is proved. Note first what shows who they are.")
        )
