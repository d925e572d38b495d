"""What somebody typed to search for, besides words: a reference, an address, a number."""

import re

from django.db.models import QuerySet

from contactcenter.channel import Point
from contactcenter.crypto import blind_indexes
from contactcenter.people.models import ContactPoint
from contactcenter.people.points import normalised
from contactcenter.tickets import reference as references

_NUMBER = re.compile(r"\+?[\d\s./()-]+")


def reference_in(asked: str) -> str:
    """The reference, however it is spaced; "" where the text is none. None begins with 0, as numbers here do."""
    number = references.cleaned(asked)
    is_one = references.is_valid(number) and number[0] != "0" and not asked.strip("0123456789 .-")
    return number if is_one else ""


def points_in(asked: str) -> "QuerySet[ContactPoint] | None":
    """The address or number with all who have it; None where the text is neither, or more than that."""
    point = normalised(Point(kind="phone" if _NUMBER.fullmatch(asked.strip()) else "email", value=asked))
    if point is None:
        return None
    return ContactPoint.objects.filter(value_index__in=blind_indexes(point.value))
