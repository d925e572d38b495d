"""What may be entered for an office, and the sentence that says how to write it (pure)."""

import re
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from contactcenter.offices.hours import HoursError, parse_week

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_BETWEEN = re.compile(r"[\s().\-]")
_DEPARTMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]|98[4-8]")


def validate_week(value: object) -> None:
    """Refuse hours that nobody could keep, with a sentence that says which."""
    try:
        parse_week(value)
    except HoursError as error:
        raise ValidationError(str(error)) from error


def validate_timezone(value: str) -> None:
    """Refuse a zone whose clock we do not know."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("There is no such time zone: write it as Europe/Paris or Indian/Reunion.")) from error


def validate_department(value: str) -> None:
    """Refuse what is no French department."""
    if not _DEPARTMENT.fullmatch(value):
        raise ValidationError(_("Write the department as 67, 2A or 974, or leave it empty."))


def as_number(text: str, *, field: str = "address") -> str:
    """A telephone number as a call names it: +33199000000."""
    number = _BETWEEN.sub("", text)
    if not _NUMBER.fullmatch(number):
        raise ValidationError({field: _("Write the number with its country, such as +33199000000.")})
    return number


def as_mailbox(text: str) -> str:
    """An address as a mail names it."""
    try:
        validate_email(text.strip())
    except ValidationError as error:
        raise ValidationError({"address": _("Write a mailbox as name@example.org.")}) from error
    return text.strip().lower()


def as_lines(text: str) -> str:
    """A postal address line by line, whatever ends the lines where it was typed."""
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)
