"""What the mailroom sees: scans to check, letters to post, and where papers lie."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotFoundError
from contactcenter.routing.models import Kind, WorkItem, WorkState
from contactcenter.tickets.selectors import visible
from paper_intake.models import Letter, Scan

PAGE = 50
MANY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is to do; counted up to MANY, since more is simply many."""

    scans: int
    letters: int


def work(by: Principal, kind: str) -> QuerySet[WorkItem]:
    """The open work of one kind in one's offices, the oldest first."""
    items = WorkItem.objects.unfinished().exclude(state=WorkState.SCHEDULED).filter(kind=kind)
    if by.offices is not None:
        items = items.filter(lane__queue__office__in=by.offices)
    return items.order_by("enqueued_at", "id")


def counts(by: Principal) -> Counts:
    """The two figures of the mailroom's header."""
    scans = work(by, Kind.SCAN_CHECK).values("pk")[:MANY].count()
    letters = work(by, Kind.LETTER_TO_POST).values("pk")[:MANY].count()
    return Counts(scans=scans, letters=letters)


def to_check(by: Principal, after: int | None = None) -> list[WorkItem]:
    """Scans to check, with their scans, one more than a page where there are more."""
    items = work(by, Kind.SCAN_CHECK).filter(interaction__scan__isnull=False)
    return list(
        _after(items, after).select_related("ticket", "interaction__scan").prefetch_related("assignments")[: PAGE + 1]
    )


def to_post(by: Principal, after: int | None = None) -> list[WorkItem]:
    """Letters to post, one more than a page where there are more."""
    items = work(by, Kind.LETTER_TO_POST).filter(letter__isnull=False)
    related = items.select_related("ticket__person", "letter__delivery").prefetch_related("assignments")
    return list(_after(related, after)[: PAGE + 1])


def scan_of(by: Principal, scan_id: int) -> Scan:
    """A scan whose ticket one may see."""
    found = Scan.objects.filter(pk=scan_id, interaction__ticket__in=visible(by)).select_related(
        "interaction__ticket__office", "interaction__person"
    )
    scan = found.first()
    if scan is None:
        raise NotFoundError("There is no such scan that you can see.")
    return scan


def letter_of(by: Principal, letter_id: int) -> Letter:
    """A letter whose ticket one may see."""
    found = Letter.objects.filter(pk=letter_id, delivery__ticket__in=visible(by)).select_related("delivery__ticket")
    letter = found.first()
    if letter is None:
        raise NotFoundError("There is no such letter that you can see.")
    return letter


def lying_in(by: Principal, place: str) -> list[Scan]:
    """The papers of a tray or box, the newest first; one more than a page where there are more."""
    found = Scan.objects.filter(place__icontains=place, interaction__ticket__in=visible(by))
    return list(found.select_related("interaction__ticket").order_by("-arrived_at", "-pk")[: PAGE + 1])


def check_item(scan: Scan) -> WorkItem | None:
    """The work of checking this scan, while it is to be done."""
    items = WorkItem.objects.unfinished().filter(interaction=scan.interaction_id, kind=Kind.SCAN_CHECK)
    return items.select_related("ticket").first()


def last_place(by: Principal) -> str:
    """Where this clerk put the letter before."""
    mine = Scan.objects.filter(checked_by=by.actor).exclude(place="").order_by("-checked_at")
    return mine.values_list("place", flat=True).first() or ""


def _after(items: QuerySet[WorkItem], after: int | None) -> QuerySet[WorkItem]:
    last = WorkItem.objects.filter(pk=after).first() if after else None
    if last is None:
        return items
    return items.filter(Q(enqueued_at__gt=last.enqueued_at) | Q(enqueued_at=last.enqueued_at, pk__gt=last.pk))
