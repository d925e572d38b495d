"""Recognise who is talking, without ever asking for proof to record what they say."""

from django.db import transaction
from django.utils import timezone

from contactcenter.channel import Point, Speaker
from contactcenter.crypto import blind_index, blind_indexes
from contactcenter.people.models import ContactPoint, Person
from contactcenter.people.points import normalised
from contactcenter.rows import add, add_all, holding, part

# Written out: it is asked for everything that reaches us (see `contactcenter/rows.py`).
_WITH_POINT = """
    SELECT person.*, point.id AS point_id, point.value_index AS point_index
    FROM people_person person JOIN people_contactpoint point ON point.person_id = person.id
    WHERE point.kind = %s AND point.value_index IN ({}) AND point.former_at IS NULL LIMIT 20
"""


@transaction.atomic(savepoint=False)
def recognise(speaker: Speaker, *, source: str, language: str = "") -> tuple[Person | None, ContactPoint | None]:
    """The person who speaks and the contact point they used first; None where neither name nor point was given.

    Whoever reaches us from a point that exactly one person has is taken for that person, unproved, unless they write
    another name than that person's. From a point that several share, the one without a name is meant, or a new one.
    """
    points = [point for raw in speaker.points if (point := normalised(raw))]
    name = clean_name(speaker.name)
    if not points and not name:
        return None, None
    known = _known(points[0], name if speaker.named else "") if points else None
    if known is None:
        return _made(name, language, points, source)
    person = known.person
    if name and not person.name:
        person.name = name
        person.save(update_fields=["name"])
    for point in points[1:]:
        _point(person, point, source)
    return person, known


def _made(name: str, language: str, points: list[Point], source: str) -> tuple[Person, ContactPoint | None]:
    person = add(Person(name=name, language=language))
    found = add_all([_new_point(person, point, source) for point in dict.fromkeys(points)])
    return holding(person, "contact_points", found), found[0] if found else None


def give_time(person_id: int, *, unhurried: bool = True) -> bool:
    """Whether the person gets more time for each answer on the telephone from now on; False where that was so."""
    return bool(Person.objects.filter(pk=person_id).exclude(unhurried=unhurried).update(unhurried=unhurried))


def add_point(person: Person, point: Point, *, source: str) -> ContactPoint | None:
    """Remember one more address or number of a person; None where the text is no such thing."""
    clean = normalised(point)
    return _point(person, clean, source) if clean else None


def replace_point(former: ContactPoint, point: Point, *, source: str) -> ContactPoint | None:
    """Put an address or number in the place of another, which is kept as it was; None where the text is no such thing.

    What was proved of the former one says nothing of the new one.
    """
    fresh = add_point(former.person, point, source=source)
    if fresh is not None and fresh != former:
        ContactPoint.objects.filter(pk=former.pk).update(former_at=timezone.now())
    return fresh


def clean_name(name: str) -> str:
    """A name on one line, without control characters, at most 200 characters."""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(printable.split())[:200]


def _known(point: Point, name: str) -> ContactPoint | None:
    """The point as the one who is meant has it, None where that is nobody whom we know."""
    indexes = blind_indexes(point.value)
    rows = Person.objects.raw(_WITH_POINT.format(", ".join(["%s"] * len(indexes))), [point.kind, *indexes])
    persons = list({person.pk: person for person in rows}.values())
    if len(persons) == 1:
        meant = [one for one in persons if not name or not one.name or _same(one.name, name)]
    else:
        named_so = [person for person in persons if name and _same(person.name, name)]
        meant = named_so or [person for person in persons if not person.name]
    return _as_read(meant[0], point) if meant else None


def _as_read(person: Person, point: Point) -> ContactPoint:
    read = person.__dict__
    number, index = read.pop("point_id"), read.pop("point_index")
    found = part(ContactPoint, id=number, person_id=person.pk, kind=point.kind, value=point.value, value_index=index)
    found.person = person
    return found


def _same(one: str, other: str) -> bool:
    return sorted(one.casefold().split()) == sorted(other.casefold().split())


def _point(person: Person, point: Point, source: str) -> ContactPoint:
    existing = ContactPoint.objects.valued(point.kind, point.value).filter(person=person).first()
    if existing is None:
        return add(_new_point(person, point, source))
    if existing.former_at:
        existing.former_at = None
        existing.save(update_fields=["former_at"])
    return existing


def _new_point(person: Person, point: Point, source: str) -> ContactPoint:
    index = blind_index(point.value)
    return ContactPoint(person=person, kind=point.kind, value=point.value, value_index=index, source=source)
