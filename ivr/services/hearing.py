"""What we were told already, and what we said to it: a request that is made again gets the same answer."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from contactcenter import crypto
from ivr.models import Told

KEPT = timedelta(days=1)  # the provider tries again within seconds
_CLAIM = "INSERT INTO ivr_told (key, answer, told_at) VALUES (%s, '', %s) ON CONFLICT (key) DO NOTHING"
_ANSWER = "UPDATE ivr_told SET answer = %s WHERE key = %s"


def key_of(*parts: str) -> str:
    """What makes this request recognisable; nothing where a part of it is missing."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest() if all(parts) else ""


@transaction.atomic
def once(key: str, answer: Callable[[], str]) -> str:
    """The answer to a request that may be made again. The first to commit decides, the other waits."""
    if not claim(key):
        return str(Told.objects.get(key=key).answer)
    said = answer()
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [crypto.encrypt(said) if said else "", key])
    return said


def claim(key: str) -> bool:
    """Whether this is told for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [key, timezone.now()])
        return bool(cursor.rowcount == 1)


def forget() -> int:
    """Nobody tells these again."""
    return Told.objects.filter(told_at__lt=timezone.now() - KEPT).delete()[0]
