"""What the mailroom sees of one scan or letter, and how much there is to do."""

from dataclasses import dataclass

from contactcenter.accounts.principal import Principal
from contactcenter.errors import NotFoundError
from contactcenter.routing.models import Kind, WorkItem
from contactcenter.tickets.selectors import visible
from paper_intake.models import Letter, Scan
from paper_intake.tray import oldest

MANY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is to do; counted up to MANY, since more is simply many."""

    scans: int
    letters: int


def counts(by: Principal) -> Counts:
    """The two figures of the mailroom's header."""
    scans, letters = (len(oldest(by, kind, most=MANY)) for kind in (Kind.SCAN_CHECK, Kind.LETTER_TO_POST))
    return Counts(scans=scans, letters=letters)


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


def check_item(scan: Scan) -> WorkItem | None:
    """The work of checking this scan, while it is to be done."""
    items = WorkItem.objects.unfinished().filter(interaction=scan.interaction_id, kind=Kind.SCAN_CHECK)
    return items.select_related("ticket").first()


def last_place(by: Principal) -> str:
    """Where this clerk put the letter before."""
    mine = Scan.objects.filter(checked_by=by.actor).exclude(place="").order_by("-checked_at")
    return mine.values_list("place", flat=True).first() or ""
