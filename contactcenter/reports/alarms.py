"""Open and close alarms, so that each shows from when to when something was wrong."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from contactcenter.accounts.models import Role, User
from contactcenter.reports.models import Alarm, AlarmMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong: `says` writes it in the language that is active, since its readers do not share one.

    `office_id` is the office whose people it concerns; None is everybody.
    """

    says: Callable[[], str]
    office_id: int | None = None


@transaction.atomic
def settle(kind: str, wrong: Mapping[str, Wrong], *, only: str | None = None) -> tuple[int, int]:
    """Make the open alarms of a kind those of `wrong`; returns how many were opened and closed.

    Whoever knows of one key alone, such as a node of its own files, settles `only` that.
    """
    alarms = Alarm.objects.select_for_update().filter(kind=kind, closed_at=None)
    standing = {alarm.key: alarm for alarm in (alarms if only is None else alarms.filter(key=only))}
    over = [alarm.pk for key, alarm in standing.items() if key not in wrong]
    closed = Alarm.objects.filter(pk__in=over).update(closed_at=timezone.now())
    fresh = [_alarm(kind, key, one) for key, one in wrong.items() if key not in standing]
    opened = Alarm.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(opened), closed


def _alarm(kind: str, key: str, wrong: Wrong) -> Alarm:
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = wrong.says()
    return Alarm(kind=kind, key=key, office_id=wrong.office_id, text=texts[settings.LANGUAGE_CODE], texts=texts)


def tell_administrators(kind: str) -> None:
    """Prepare a mail to each administrator for every open alarm of this kind of which nobody was told."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(email="")
    addresses = sorted(set(administrators.values_list("email", flat=True)))
    untold = Alarm.objects.filter(kind=kind, closed_at=None, mails=None)
    mails = [AlarmMail(alarm=alarm, to=to) for alarm in untold for to in addresses]
    AlarmMail.objects.bulk_create(mails, ignore_conflicts=True)


def open_alarms(offices: Collection[int] | None = None) -> list[Alarm]:
    """What is wrong now at these offices (None is all) and for everybody, the oldest first."""
    alarms = Alarm.objects.filter(closed_at=None).order_by("opened_at")
    return list(alarms if offices is None else alarms.filter(Q(office=None) | Q(office__in=offices)))
