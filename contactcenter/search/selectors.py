"""Search with the reader's rights: words, a reference, a number or an address."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.db import connection
from django.utils.translation import gettext as _

from contactcenter.accounts.principal import Principal
from contactcenter.errors import InvalidError, NotFoundError
from contactcenter.search import indexed
from contactcenter.search.asked import in_one, number_in, points_in, reference_in
from contactcenter.search.models import Entry
from contactcenter.search.words import place_words, snippet, words
from contactcenter.tickets.listing import with_tag
from contactcenter.tickets.models import Ticket, TicketQuerySet
from contactcenter.tickets.selectors import by_reference, listed

LONGEST, MOST_WORDS = 200, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A ticket that was found; `where` is `person`, `reference`, `interaction` or `attachment`."""

    ticket: Ticket
    where: str
    snippet: str


def search(
    by: Principal, q: str, *, limit: int, before: int | None = None, tag: str = ""
) -> tuple[list[Hit], int | None]:
    """The tickets that have all the words, the newest first, and where to go on; bounded by what the reader may see.

    Whoever has an address or number is found together with the texts in which it stands. With `tag`, only those are
    found that have it.
    InvalidError for a search without a word in it, or of more than 200 characters.
    """
    asked = " ".join(q.replace("\x00", "").split())
    if len(asked) > LONGEST:
        raise InvalidError(_("Search for less: at most %(most)d characters.") % {"most": LONGEST})
    typed = words(asked)[:MOST_WORDS]
    if not typed:
        raise InvalidError(_("Type a word, a name, a reference, a telephone number or an e-mail address."))
    named = _by_reference(by, asked) if before is None else None
    rows = listed(by).filter(with_tag(tag)) if tag else listed(by)
    if named:
        is_among = not tag or rows.filter(pk=named.pk).exists()
        return [Hit(ticket=named, where="reference", snippet=named.subject)] if is_among else [], None
    spelt = number_in(asked)
    wanted = [[number] for number in in_one(spelt)] or [typed]
    rows = rows if before is None else rows.filter(pk__lt=before)
    reached = set(_reached_from(rows, asked, limit + 1))
    said = _of_these(rows, wanted, limit + 1) if tag else _with_words(by, rows, wanted, limit + 1, before)
    ids = sorted(reached.union(said), reverse=True)
    found = Ticket.objects.filter(pk__in=ids[:limit]).select_related("person", "office")
    tickets = found.prefetch_related("interactions__attachments").order_by("-pk")
    hits = [_hit(ticket, spelt or [typed], "person" if ticket.pk in reached else "") for ticket in tickets]
    return hits, ids[limit - 1] if len(ids) > limit else None


def tagged(by: Principal, tag: str, *, limit: int, before: int | None = None) -> tuple[list[Hit], int | None]:
    """The tickets with this tag that the reader may see, the newest first, and where to go on."""
    rows = listed(by).filter(with_tag(tag))
    rows = rows.filter(pk__lt=before) if before is not None else rows
    found = list(rows.select_related("person", "office").order_by("-pk")[: limit + 1])
    hits = [Hit(ticket=ticket, where="tag", snippet="") for ticket in found[:limit]]
    return hits, found[limit - 1].pk if len(found) > limit else None


def with_paper_in(by: Principal, place: str, *, most: int) -> list[int]:
    """The tickets of which papers lie in a place with all these words, or their beginnings, the newest first."""
    wanted = place_words(place)[:MOST_WORDS]
    return _with_words(by, listed(by), [wanted], most, None) if wanted else []


def _by_reference(by: Principal, asked: str) -> Ticket | None:
    number = reference_in(asked)
    if not number:
        return None
    try:
        return by_reference(by, number)
    except NotFoundError:
        return None


def _reached_from(rows: TicketQuerySet, asked: str, most: int) -> list[int]:
    """Those of whoever has this address or number, the newest first."""
    points = points_in(asked)
    return [] if points is None else _newest(rows.filter(person__in=points.values("person")), most)


def _of_these(rows: TicketQuerySet, wanted: Sequence[Sequence[str]], most: int) -> list[int]:
    """Those of a few tickets with all the words of one of these spellings, the newest first: each is looked at."""
    if connection.vendor == "postgresql":
        return indexed.of_these(rows, wanted, most)
    return _newest(rows.filter(pk__in=Entry.objects.with_words(wanted).values("pk")), most)


def _newest(rows: TicketQuerySet, most: int) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:most])


def _with_words(
    by: Principal, rows: TicketQuerySet, wanted: Sequence[Sequence[str]], most: int, before: int | None
) -> list[int]:
    """Those of the rows, which this one may see, with all the words of one of these spellings, the newest first.

    The offices among the words leave out nearly all that may not be seen; what is left is asked for each ticket, since
    one may have been passed on after its words were gathered.
    """
    found: list[int] = []
    last = before
    while len(found) < most:
        ids = _matching(by, wanted, most, last)
        seen = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
        found += [pk for pk in ids if pk in seen]
        if len(ids) < most:
            break
        last = ids[-1]
    return found[:most]


def _matching(by: Principal, wanted: Sequence[Sequence[str]], most: int, before: int | None) -> list[int]:
    if connection.vendor == "postgresql":
        return indexed.matching(wanted, by.offices, most, before)
    entries = Entry.objects.with_words(wanted)
    entries = entries if before is None else entries.filter(pk__lt=before)
    return list(entries.order_by("-pk").values_list("pk", flat=True)[:most])


def _hit(ticket: Ticket, wanted: Sequence[Sequence[str]], where: str) -> Hit:
    """Where on the ticket most of a spelling's words are, and what stands around them; `where` if that is known."""
    if where:
        return Hit(ticket=ticket, where=where, snippet=ticket.subject)
    parts = [("interaction", f"{said.subject} {said.text}".strip()) for said in ticket.interactions.all()]
    parts += [("attachment", file.name) for said in ticket.interactions.all() for file in said.attachments.all()]
    parts += [("person", ticket.person.name)] if ticket.person else []
    nearest = [(*_nearest(text, wanted), place, text) for place, text in parts]
    nothing = (0.0, wanted[0], "interaction", "")
    _share, spelling, place, text = max(nearest, key=itemgetter(0), default=nothing)
    return Hit(ticket=ticket, where=place, snippet=snippet(text or ticket.subject, spelling))


def _nearest(text: str, wanted: Sequence[Sequence[str]]) -> tuple[float, Sequence[str]]:
    """How much of a spelling the text has, from 0 to 1, and of which it has most."""
    there = words(text[:20_000])
    shares = [(sum(any(word.startswith(one) for word in there) for one in of) / len(of), of) for of in wanted]
    return max(shares, key=itemgetter(0))
