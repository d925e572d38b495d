"""Recognise who is talking, without ever asking for proof to record what they say."""

from django.db import transaction

from contactcenter.channel import Point, Speaker
from contactcenter.crypto import blind_index
from contactcenter.people.models import ContactPoint, Person
from contactcenter.people.points import normalised


@transaction.atomic
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
    person = known or Person.objects.create(name=name, language=language)
    if known and name and not known.name:
        known.name = name
        known.save(update_fields=["name"])
    found = [_point(person, point, source, new=known is None) for point in points]
    return person, found[0] if found else None


def add_point(person: Person, point: Point, *, source: str) -> ContactPoint | None:
    """Remember one more address or number of a person; None where the text is no such thing."""
    clean = normalised(point)
    return _point(person, clean, source, new=False) if clean else None


def clean_name(name: str) -> str:
    """A name on one line, without control characters, at most 200 characters."""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(printable.split())[:200]


def _known(point: Point, name: str) -> Person | None:
    rows = ContactPoint.objects.valued(point.kind, point.value).select_related("person")[:20]
    persons = list({row.person_id: row.person for row in rows}.values())
    if len(persons) == 1:
        only = persons[0]
        return only if not name or not only.name or _same(only.name, name) else None
    named_so = [person for person in persons if name and _same(person.name, name)]
    nameless = [person for person in persons if not person.name]
    return next(iter(named_so or nameless), None)


def _same(one: str, other: str) -> bool:
    return sorted(one.casefold().split()) == sorted(other.casefold().split())


def _point(person: Person, point: Point, source: str, *, new: bool) -> ContactPoint:
    index = blind_index(point.value)
    if not new:
        existing = ContactPoint.objects.valued(point.kind, point.value).filter(person=person).first()
        if existing:
            return existing
    return ContactPoint.objects.create(
        person=person, kind=point.kind, value=point.value, value_index=index, source=source
    )
