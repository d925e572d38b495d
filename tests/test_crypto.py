"""Identifiers are unreadable in the database, and keys can change while it lives."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from contactcenter import crypto


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_encrypted_comes_back(value: str):
    assert crypto.decrypt(crypto.encrypt(value)) == value


def test_the_same_value_is_never_stored_alike_and_yet_found():
    assert crypto.encrypt("+33639980001") != crypto.encrypt("+33639980001")
    assert crypto.blind_index("+33639980001") in crypto.blind_indexes("+33639980001")
    assert "33639980001" not in crypto.encrypt("+33639980001")


def test_a_new_key_writes_and_an_old_one_still_reads(settings):
    settings.CC_FIELD_KEYS = ["the-first-key"]
    stored, index = crypto.encrypt("ana@example.org"), crypto.blind_index("ana@example.org")

    settings.CC_FIELD_KEYS = ["the-second-key", "the-first-key"]

    assert crypto.decrypt(stored) == "ana@example.org"
    assert index in crypto.blind_indexes("ana@example.org")
    assert crypto.encrypt("x").partition(":")[0] != stored.partition(":")[0]


def test_without_its_key_a_value_is_said_to_lack_it(settings):
    settings.CC_FIELD_KEYS = ["the-first-key"]
    stored = crypto.encrypt("ana@example.org")
    settings.CC_FIELD_KEYS = ["another-key"]

    with pytest.raises(ImproperlyConfigured, match="lacks the key"):
        crypto.decrypt(stored)


def test_a_value_that_was_tampered_with_is_not_believed():
    key, _colon, text = crypto.encrypt("ana@example.org").partition(":")

    with pytest.raises(ValueError, match="changed"):
        crypto.decrypt(f"{key}:{text[:-8]}AAAAAAA=")


@given(st.integers(1, 18))
def test_digits_are_as_many_as_asked_for(count: int):
    digits = crypto.random_digits(count)

    assert len(digits) == count
    assert digits.isdigit()
