"""What we were told already, and what we said to it: a request that is made again gets the same answer."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from contactcenter import crypto, rows
from contactcenter.tickets.models import TicketEvent
from ivr.models import Told

KEPT = timedelta(days=1)  # the provider tries again within seconds
_CLAIM = "INSERT INTO ivr_told (key, answer, told_at) VALUES (%s, '', %s) ON CONFLICT (key) DO NOTHING"
_ANSWER = "UPDATE ivr_told SET answer = %s WHERE key = %s"


def key_of(*parts: str) -> str:
    """What makes this request recognisable; nothing where a part of it is missing."""
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest() if all(parts) else ""


def once(key: str, answer: Callable[[], str]) -> str:
    """The answer to a request that may be made again. The first to commit decides, the other says the same.

    Hardly any is made again, and hardly ever is somebody else quicker at something. So it is done at first without
    asking and without savepoints; where that fails (at the latest when the answer is kept, which is kept once), nothing
    of it has happened, and it is done as a whole once more with them.
    """
    try:
        with _flat():
            return _blithely(key, answer)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        return _once(key, answer)


@transaction.atomic
def _blithely(key: str, answer: Callable[[], str]) -> str:
    with rows.at_the_end(TicketEvent, Told):
        said = answer()
        rows.add(Told(key=key, answer=said))
    return said


@transaction.atomic
def _once(key: str, answer: Callable[[], str]) -> str:
    if not claim(key):
        return str(Told.objects.get(key=key).answer)
    said = answer()
    with connection.cursor() as cursor:
        cursor.execute(_ANSWER, [crypto.encrypt(said) if said else "", key])
    return said


@contextmanager
def _flat() -> Iterator[None]:
    connection.flat = True  # type: ignore[attr-defined]  # our own PostgreSQL backend's; no other reads it
    try:
        yield
    finally:
        connection.flat = False  # type: ignore[attr-defined]


def claim(key: str) -> bool:
    """Whether this is told for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [key, timezone.now()])
        return bool(cursor.rowcount == 1)


def forget() -> int:
    """Nobody tells these again."""
    return Told.objects.filter(told_at__lt=timezone.now() - KEPT).delete()[0]
