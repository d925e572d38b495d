"""Keep every ticket's words up to date, from the events that tell what changed; never in the request itself."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from contactcenter import channel
from contactcenter.search.models import Entry, Mark
from contactcenter.search.words import numbers, office_word, place_words, words
from contactcenter.tickets.models import Ticket, TicketEvent

LONGEST = 300_000  # characters of a ticket that are looked at
MOST_NUMBERS = 1000  # of a ticket that are kept in one, besides their groups
AT_ONCE = 500
_TAGS = ("tagged__tag", "merged__tagged__tag")  # of the ticket, and of those that were put into it
SETTLED = timedelta(seconds=30)  # by then whatever took an earlier event's number has committed


def gather() -> int:
    """Job: gather the words of the tickets on which something happened; returns of how many. Run twice, no harm."""
    mark = Mark.objects.get_or_create(pk=1)[0]
    fresh = TicketEvent.objects.filter(pk__gt=mark.event_id).order_by("pk").values_list("pk", flat=True)[: AT_ONCE * 20]
    last = max(fresh, default=mark.event_id)
    rows = TicketEvent.objects.filter(pk__gt=mark.event_id, pk__lte=last).values_list("ticket")
    newest = dict(rows.annotate(newest=Max("pk")).values_list("ticket", "newest"))
    known = dict(Entry.objects.filter(ticket__in=newest).values_list("ticket", "event_id"))
    behind = [pk for pk, event_id in newest.items() if known.get(pk, 0) < event_id]
    for start in range(0, len(behind), AT_ONCE):
        gather_of({pk: newest[pk] for pk in behind[start : start + AT_ONCE]})
    settled = TicketEvent.objects.filter(pk__lte=last, at__lt=timezone.now() - SETTLED).aggregate(last=Max("pk"))
    if settled["last"] and settled["last"] > mark.event_id:
        Mark.objects.filter(pk=1, event_id=mark.event_id).update(event_id=settled["last"])
    return len(behind)


def rebuild() -> None:
    """Gather everything anew."""
    last = 0
    while batch := list(Ticket.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        told = TicketEvent.objects.filter(ticket__in=batch).values_list("ticket").annotate(newest=Max("pk"))
        gather_of(dict.fromkeys(batch, 0) | dict(told.values_list("ticket", "newest")))
        last = batch[-1]


@transaction.atomic
def gather_of(newest: dict[int, int]) -> None:
    """Write the words of these tickets, each with its newest event."""
    tickets = Ticket.objects.filter(pk__in=newest).select_related("person")
    parts = list(tickets.prefetch_related("interactions__attachments", "notes", *_TAGS))
    said = ((one.channel, one.pk) for ticket in parts for one in ticket.interactions.all())
    places = channel.asked("places", said)
    entries = [Entry(ticket=ticket, words=_words(ticket, places), event_id=newest[ticket.pk]) for ticket in parts]
    Entry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["ticket"], update_fields=["words", "event_id"]
    )


def _words(ticket: Ticket, places: Mapping[int, str]) -> str:
    text = " ".join(_texts(ticket))[:LONGEST]
    lies = " ".join(places.get(said.pk, "") for said in ticket.interactions.all())
    found = {*words(text), *islice(numbers(text), MOST_NUMBERS)}
    return " ".join([office_word(ticket.office_id), *sorted(set(place_words(lies))), *sorted(found)])


def _texts(ticket: Ticket) -> Iterable[str]:
    yield ticket.reference
    for one in (ticket, *ticket.merged.all()):
        yield from (marked.tag.name for marked in one.tagged.all())
    yield ticket.subject
    if ticket.person:
        yield ticket.person.name
    for said in ticket.interactions.all():
        yield said.subject
        yield said.text
        for file in said.attachments.all():
            yield file.name
    for note in ticket.notes.all():
        yield note.text


def analyse() -> None:
    """Let PostgreSQL learn how common each word is, so that it chooses its way well."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_entry")
