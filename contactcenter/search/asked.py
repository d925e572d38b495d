"""What somebody typed to search for, besides words: a reference, an address, a number."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from contactcenter.channel import Point
from contactcenter.crypto import blind_indexes
from contactcenter.people.models import ContactPoint
from contactcenter.people.points import normalised, spellings
from contactcenter.search.words import words
from contactcenter.tickets import reference as references

_NUMBER = re.compile(r"\+?[\d\s./()-]+")


def reference_in(asked: str) -> str:
    """The reference, however it is spaced; "" where the text is none. None begins with 0, as numbers here do."""
    number = references.cleaned(asked)
    is_one = references.is_valid(number) and number[0] != "0" and not asked.strip("0123456789 .-")
    return number if is_one else ""


def points_in(asked: str) -> "QuerySet[ContactPoint] | None":
    """The address or number with all who have it; None where the text is neither, or more than that."""
    point = _point_in(asked)
    return ContactPoint.objects.filter(value_index__in=blind_indexes(point.value)) if point else None


def number_in(asked: str) -> list[list[str]]:
    """The words of a telephone number in each of its usual spellings, as typed first; none where there is no number.

    “0639980001” is one word, and “06 39 98 00 01” is five. Figures apart are a number if they begin as one does.
    """
    point = _point_in(asked)
    if point is None or point.kind != "phone" or (len(words(asked)) > 1 and asked.lstrip(" (")[:1] not in "+0"):
        return []
    return [words(spelling) for spelling in (asked, *spellings(point.value))]


def in_one(spelt: Iterable[Sequence[str]]) -> list[str]:
    """The spellings of a number without the spaces, each once: texts' words have it so, however it is written there."""
    return sorted({"".join(spelling) for spelling in spelt})


def _point_in(asked: str) -> Point | None:
    return normalised(Point(kind="phone" if _NUMBER.fullmatch(asked.strip()) else "email", value=asked))
