"""What a ticket is found by: the words of everything on it, each once, without accents and capitals."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_

from django.db import models
from django.db.models import Q

from contactcenter.search.words import by_beginning


class EntryQuerySet(models.QuerySet["Entry"]):
    """Tickets' words."""

    def with_words(self, wanted: Iterable[Sequence[str]]) -> "EntryQuerySet":
        """Those that have all the words of one of these spellings, each read through: for SQLite, without an index."""
        return self.filter(reduce(or_, (reduce(and_, map(_has, spelling)) for spelling in wanted)))


def _has(word: str) -> Q:
    if by_beginning(word):
        return Q(words__contains=f" {word}")
    return Q(words__contains=f" {word} ") | Q(words__endswith=f" {word}")


class Entry(models.Model):
    """One ticket's words, and the newest of its events when they were gathered.

    Words are separated by single spaces. The office is one of them, so that on PostgreSQL one index answers for words
    and rights together; so are those of the places where its papers lie, apart from all others. Addresses and numbers
    are not among them: they are encrypted, and found by their blind index.
    """

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="+", primary_key=True)
    words = models.TextField()
    event_id = models.BigIntegerField()

    objects = EntryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"words of {self.ticket_id}"


class Mark(models.Model):
    """Up to which event everything is gathered; one row."""

    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.event_id)
