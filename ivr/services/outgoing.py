"""Whom we may call: allowed countries, no premium numbers, and so often a day (counted in the database)."""

import phonenumbers
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from contactcenter.crypto import blind_index, blind_indexes
from ivr.models import Dialled

_PREMIUM = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.PAGER,
    }
)


def is_premium(number: str) -> bool:
    """Whether calling an E.164 number costs more than a call, or reaches no one person."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in _PREMIUM
    except phonenumbers.NumberParseException:
        return True


def prefix_of(number: str) -> str:
    """The longest allowed beginning of this number; "" where we may not call it."""
    if is_premium(number):
        return ""
    fitting = [prefix for prefix in settings.CC_CALL_PREFIXES if number.startswith(prefix)]
    return max(fitting, key=len, default="")


def may_call(number: str) -> bool:
    """Whether this number is one that we call at all."""
    return bool(prefix_of(number))


def spend(number: str) -> bool:
    """Count one call to this number today; False, counting nothing, where its or its country's budget is used up."""
    with transaction.atomic():
        if not _count(blind_index(number), settings.CC_CALLS_PER_NUMBER, also=blind_indexes(number)):
            return False
        if _count(prefix_of(number), settings.CC_CALLS_PER_PREFIX):
            return True
        transaction.set_rollback(True)
    return False


def is_spent(number: str) -> bool:
    """Whether this number's or its country's budget of today is used up; asking counts nothing."""
    today = Dialled.objects.filter(day=timezone.localdate())
    own = today.filter(key__in=blind_indexes(number), count__gte=settings.CC_CALLS_PER_NUMBER)
    return own.exists() or today.filter(key=prefix_of(number), count__gte=settings.CC_CALLS_PER_PREFIX).exists()


def _count(key: str, most: int, *, also: list[str] | None = None) -> bool:
    """One UPDATE decides, however many processes count."""
    today = timezone.localdate()
    known = Dialled.objects.filter(day=today, key__in=also or [key])
    if not known.exists():
        try:
            with transaction.atomic():
                Dialled.objects.create(day=today, key=key, count=0)
        except IntegrityError:  # another process was quicker
            pass
    return bool(known.filter(count__lt=most).update(count=F("count") + 1))
