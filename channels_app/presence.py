"""Sign of life of a page that reads again and again, of whose reader the last sign is known."""

from datetime import timedelta

from django.utils import timezone

from contactcenter.routing.readers import Reader
from contactcenter.routing.signs import sign_of_life

FRESH = timedelta(seconds=15)  # a sign in the database that is younger needs no other from a page that re-reads


def sign_of_reader(reader: Reader) -> None:
    """Note that they are there."""
    if reader.seen_at is None or timezone.now() - reader.seen_at > FRESH:
        sign_of_life(reader.by.agent_id)
