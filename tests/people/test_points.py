"""Addresses and numbers, normalised once at the door."""

import pytest

from contactcenter.channel import Point
from contactcenter.people.points import e164, is_known_fixed, normalised, spellings


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("01 99 00 00 07", "+33199000007"),
        ("+33 6 39 98 00 01", "+33639980001"),
        ("0033639980001", "+33639980001"),
        ("+44 20 7946 0018", "+442079460018"),
        ("anonymous", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_number_is_kept_as_it_is_dialled_when_it_is_possible(typed: str, stored: str):
    assert e164(typed) == stored


def test_an_address_that_is_none_is_no_contact_point():
    assert normalised(Point(kind="email", value="not an address")) is None
    assert normalised(Point(kind="email", value=" Ana@Example.ORG ")) == Point(kind="email", value="ana@example.org")
    assert normalised(Point(kind="address", value=" 3  allée \n\n 99999 Ville ")) == Point(
        kind="address", value="3 allée\n99999 Ville"
    )


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+33639980001", ["+33639980001", "0639980001", "06 39 98 00 01", "+33 6 39 98 00 01"]),
        ("+262692123456", ["+262692123456", "0692123456", "06 92 12 34 56", "+262 692 12 34 56"]),
        ("+442079460018", ["+442079460018", "02079460018", "02 07 94 60 01 8", "+44 20 7946 0018"]),
    ],
)
def test_a_number_is_written_in_one_in_pairs_and_with_its_country(number: str, written: list[str]):
    assert spellings(number) == written


def test_a_fixed_line_is_known_by_its_number():
    assert is_known_fixed("+33199000007")
    assert not is_known_fixed("+33639980001")
