"""References: sayable, checked, unguessable."""

from hypothesis import given
from hypothesis import strategies as st

from contactcenter.tickets.reference import LENGTH, check_digit, cleaned, is_valid, new_reference, spaced

bodies = st.text(alphabet="0123456789", min_size=LENGTH - 1, max_size=LENGTH - 1)


def test_a_new_reference_is_valid_and_fits_a_telephone():
    reference = new_reference()

    assert is_valid(reference)
    assert reference.isdigit()
    assert len(reference) <= 12


@given(body=bodies, at=st.integers(0, LENGTH - 1), digit=st.integers(1, 9))
def test_one_wrong_digit_is_caught(body: str, at: int, digit: int):
    reference = body + check_digit(body)
    wrong = str((int(reference[at]) + digit) % 10)

    assert not is_valid(reference[:at] + wrong + reference[at + 1 :])


@given(body=bodies, at=st.integers(0, LENGTH - 2))
def test_two_swapped_neighbours_are_caught(body: str, at: int):
    reference = body + check_digit(body)
    swapped = reference[:at] + reference[at + 1] + reference[at] + reference[at + 2 :]

    assert is_valid(swapped) == (swapped == reference)


def test_what_people_type_is_read():
    assert cleaned(" 482 719.305-8 ") == "4827193058"
    assert spaced("4827193058") == "482 719 305 8"


def test_references_do_not_follow_one_another():
    drawn = {new_reference() for _ in range(200)}

    assert len(drawn) == 200
    assert not is_valid("٤٨٢٧١٩٣٠٥٨")
