"""Count wrong personal codes, so that one cannot be found by trying, and nobody locks another out."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from contactcenter.crypto import blind_index, blind_indexes
from contactcenter.webform.models import WrongCode

PER_SOURCE_AND_REFERENCE = 5
PER_SOURCE = 20
PER_REFERENCE = 60  # from all sources together: six digits stay safe, and one source alone cannot reach it
DAY = timedelta(days=1)


def too_many(reference: str, source: str) -> bool:
    """Whether this source, or this reference, has had too many wrong codes within a day."""
    recent = WrongCode.objects.filter(at__gt=timezone.now() - DAY)
    mine = recent.filter(source_index__in=blind_indexes(source))
    of_it = {"reference_index__in": blind_indexes(reference)}
    return (
        mine.filter(**of_it).count() >= PER_SOURCE_AND_REFERENCE
        or mine.count() >= PER_SOURCE
        or recent.filter(**of_it).count() >= PER_REFERENCE
    )


def note(reference: str, source: str) -> None:
    """Write down one wrong code; the same for a reference that does not exist."""
    WrongCode.objects.create(reference_index=blind_index(reference), source_index=blind_index(source))


def source_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as our own server knows."""
    return str(request.META.get("REMOTE_ADDR", ""))
