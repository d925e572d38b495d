"""Up to when the provider was asked what nobody told us, and an alarm where it cannot be asked."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter.reports import alarms
from contactcenter.reports.alarms import Wrong
from ivr.models import Pace

KIND = "not_asked"
NAME = "asked"
USUAL = timedelta(days=1)  # a call is listed from its beginning, and may last for hours
OVERLAP = timedelta(hours=1)
FARTHEST = timedelta(days=30)
LATE = timedelta(hours=1)


def since(now: datetime) -> datetime:
    """From when on to ask: for the last day, and for all the time in which nobody could, up to a month."""
    row, _made = Pace.objects.get_or_create(name=NAME, defaults={"last_at": now})
    return max(now - FARTHEST, min(now - USUAL, row.last_at - OVERLAP))


def asked(at: datetime) -> None:
    """Everything up to then has been asked for, and taken in."""
    Pace.objects.filter(name=NAME).update(last_at=at)


def is_late() -> bool:
    """Whether nobody could ask for an hour."""
    return Pace.objects.filter(name=NAME, last_at__lt=timezone.now() - LATE).exists()


def sweep_unasked() -> tuple[int, int]:
    """Open an alarm while the provider cannot be asked, and write to the administrators; close it afterwards."""
    done = alarms.settle(KIND, {"provider": Wrong(says=_says)} if is_late() else {})
    alarms.tell_administrators(KIND)
    return done


def _says() -> str:
    return _(
        "For more than an hour the telephone provider could not be asked which calls, texts and messages came while we "
        "did not answer: look whether it can be reached, and whether the account's token is right. Once it answers, "
        "all of it is taken in, up to 30 days back."
    )
