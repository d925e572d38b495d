"""The mailroom's lists, line by line: all that a line shows, read in two statements and written once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contactcenter.accounts.principal import Principal
from contactcenter.addresses import addresses
from contactcenter.outbox.models import Purpose
from contactcenter.routing.models import Assignment, Kind, WorkItem
from contactcenter.search.among import not_gathered
from contactcenter.search.selectors import with_paper_in
from contactcenter.search.words import has_all, place_words
from contactcenter.tickets.reference import spaced
from contactcenter.tickets.selectors import visible
from paper_intake.models import Problem, Reading, Scan
from paper_intake.tray import oldest

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanLine:
    """A scan to check; `held` says who has it, "" where nobody has."""

    id: int  # of its work item
    address: str
    subject: str
    reference: str
    arrived: str
    pages: str
    place: str
    problem: str
    reading: str
    reading_word: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter to post."""

    id: int  # of its work item
    print_address: str
    posted_address: str
    subject: str
    purpose: str
    who: str
    reference: str
    made: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A paper, and where it lies."""

    address: str
    place: str
    subject: str
    reference: str
    received: str


def to_check(by: Principal, after: int | None = None) -> list[ScanLine]:
    """Scans to check, the oldest first, one more than a page where there are more."""
    ids = oldest(by, Kind.SCAN_CHECK, most=PAGE + 1, after=after)
    rows = _of_items(
        ids,
        **{name: F(f"interaction__scan__{name}") for name in ("name", "arrived_at", "page_count", "place", "problem")},
        reading=F("interaction__scan__reading"),
        scan=F("interaction__scan__id"),
    )
    address, holders = addresses("mailroom:scan"), _holders(ids)
    return [_scan_line(row, address, holders.get(row["id"], "")) for row in rows]


def to_post(by: Principal, after: int | None = None) -> list[LetterLine]:
    """Letters to post, the oldest first, one more than a page where there are more."""
    ids = oldest(by, Kind.LETTER_TO_POST, most=PAGE + 1, after=after)
    rows = _of_items(
        ids,
        who=F("ticket__person__name"),
        letter_id=F("letter__id"),
        made_at=F("letter__made_at"),
        purpose=F("letter__delivery__purpose"),
        title=F("letter__delivery__subject"),
    )
    printed, posted, holders = addresses("mailroom:letter_pdf"), addresses("mailroom:letter_posted"), _holders(ids)
    return [
        LetterLine(
            id=row["id"],
            print_address=printed(row["letter_id"]),
            posted_address=posted(row["letter_id"]),
            subject=row["title"] or row["subject"],
            purpose=str(Purpose(row["purpose"]).label),
            who=row["who"] or "",
            reference=spaced(row["reference"]),
            made=_("made %(at)s") % {"at": date_format(localtime(row["made_at"]), "DATETIME_FORMAT")},
            held=holders.get(row["id"], ""),
        )
        for row in rows
    ]


def lying_in(by: Principal, place: str) -> list[PaperLine]:
    """The papers of a tray or box, the newest first; one more than a page where there are more."""
    wanted = place_words(place)
    if not wanted:
        return []
    rows = _papers(by, place).values(
        "id",
        "place",
        "name",
        "received_on",
        subject=F("interaction__ticket__subject"),
        reference=F("interaction__ticket__reference"),
    )
    address = addresses("mailroom:scan")
    lying = (row for row in rows if has_all(place_words(row["place"]), wanted))
    return [
        PaperLine(
            address=address(row["id"]),
            place=row["place"],
            subject=row["subject"] or row["name"],
            reference=spaced(row["reference"]),
            received=_("received %(on)s") % {"on": date_format(row["received_on"], "DATE_FORMAT")},
        )
        for row in islice(lying, PAGE + 1)
    ]


def _papers(by: Principal, place: str) -> QuerySet[Scan]:
    """All papers of the tickets that have some there, and of those that changed too lately to be found by it."""
    papers = Scan.objects.exclude(place="").order_by("-arrived_at", "-pk")
    found = with_paper_in(by, place, most=PAGE + 1)
    fresh = set(papers.filter(interaction__ticket__in=not_gathered()).values_list("interaction__ticket", flat=True))
    seen = visible(by).filter(pk__in=fresh).values_list("pk", flat=True) if fresh else ()
    return papers.filter(interaction__ticket__in={*found, *seen})


def _of_items(ids: Sequence[int], **facts: F) -> Iterable[Mapping[str, Any]]:
    """These work items with their tickets, and what a list shows besides, the oldest first."""
    rows = WorkItem.objects.filter(pk__in=ids).order_by("enqueued_at", "id")
    return rows.values("id", subject=F("ticket__subject"), reference=F("ticket__reference"), **facts)


def _scan_line(row: Mapping[str, Any], address: Callable[[object], str], holder: str) -> ScanLine:
    count = row["page_count"]
    return ScanLine(
        id=row["id"],
        address=address(row["scan"]),
        subject=row["subject"] or row["name"],
        reference=spaced(row["reference"]),
        arrived=_("arrived %(at)s") % {"at": date_format(localtime(row["arrived_at"]), "DATETIME_FORMAT")},
        pages=ngettext("%(pages)s page", "%(pages)s pages", count) % {"pages": count} if count else "",
        place=row["place"],
        problem=str(Problem(row["problem"]).label) if row["problem"] else "",
        reading=row["reading"],
        reading_word=str(Reading(row["reading"]).label),
        held=holder,
    )


def _holders(ids: Sequence[int]) -> dict[int, str]:
    """Who has which of these work items, in a sentence."""
    held = Assignment.objects.filter(work_item__in=ids, ended_at=None).values_list("work_item", "holder")
    return {work_item_id: _("%(who)s has it") % {"who": holder} for work_item_id, holder in held}
