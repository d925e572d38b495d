"""Addresses and numbers, normalised once, at the door (pure)."""

import re

import phonenumbers

from contactcenter.channel import Point

REGION = "FR"
LONGEST_ADDRESS = 500  # characters
_EMAIL = re.compile(r"^[^@\s<>\"]{1,64}@[^@\s<>\"]{1,190}$")
_FRENCH_FIXED = re.compile(r"^\+33[1-59]")
_FRENCH_MOBILE = re.compile(r"^\+33[67]")
_NATIONAL, _INTERNATIONAL = phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL


def normalised(point: Point) -> Point | None:
    """The point as it is stored and compared, or None where the text is no such thing.

    Numbers become E.164 and need only be *possible*: the range kept for fiction is not *valid* in phonenumbers.
    """
    value = " ".join(point.value.replace("\x00", "").split()) if point.kind != "address" else _lines(point.value)
    if not value:
        return None
    if point.kind == "email":
        return Point(kind="email", value=value.lower()) if _EMAIL.match(value) else None
    if point.kind == "phone":
        number = e164(value)
        return Point(kind="phone", value=number) if number else None
    return Point(kind="address", value=value[:LONGEST_ADDRESS])


def e164(text: str) -> str:
    """A number as +33199000000, read as French where it names no country; "" where it cannot be a number."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spoken(number: str) -> str:
    """An E.164 number as people write and say it: a French one as 01 99 00 00 00."""
    if not number.startswith("+33") or len(number) != 12:
        return number
    return _in_pairs("0" + number[3:])


def spellings(number: str) -> list[str]:
    """An E.164 number as texts usually have it: in one with its country and without, in pairs, and as told abroad."""
    parsed = phonenumbers.parse(number)
    abroad, at_home = (phonenumbers.format_number(parsed, way) for way in (_INTERNATIONAL, _NATIONAL))
    digits = "".join(letter for letter in at_home if letter.isdecimal())
    return [number, digits, _in_pairs(digits), abroad]


def is_known_fixed(number: str) -> bool:
    """Whether an E.164 number is known to be a fixed line, which takes no SMS."""
    if _FRENCH_MOBILE.match(number):
        return False
    if _FRENCH_FIXED.match(number):
        return True
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def _in_pairs(digits: str) -> str:
    return " ".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.replace("\x00", "").splitlines())
    return "\n".join(line for line in lines if line)
