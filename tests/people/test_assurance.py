"""How well somebody is known, by what they showed."""

import pytest

from contactcenter.people.assurance import KINDS, Level, assurance


@pytest.mark.parametrize(
    ("named", "evidence", "level", "rests_on"),
    [
        (False, [], Level.UNKNOWN, ()),
        (True, [], Level.DECLARED, ()),
        (False, ["former_address"], Level.DECLARED, ("former_address",)),
        (True, ["former_address", "civil_status"], Level.MATCHED, ("former_address", "civil_status")),
        (True, ["former_address", "called_back"], Level.MATCHED, ("called_back",)),
        (True, ["follow_code", "passport"], Level.PROVED, ("passport",)),
    ],
)
def test_two_facts_that_agree_are_worth_a_token_and_a_document_seen_is_worth_most(named, evidence, level, rests_on):
    reached = assurance(named=named, evidence=evidence)

    assert (reached.level, reached.rests_on) == (level, rests_on)


def test_the_same_fact_said_twice_is_one_fact():
    assert assurance(named=True, evidence=["civil_status", "civil_status"]).level == Level.DECLARED


def test_a_kind_that_is_no_longer_known_proves_nothing():
    assert assurance(named=True, evidence=["horoscope"]).level == Level.DECLARED


def test_who_has_no_foreigner_number_still_reaches_every_level():
    without = [code for code in KINDS if code != "foreigner_number"]

    assert {KINDS[code].gives for code in without} == {Level.DECLARED, Level.MATCHED, Level.PROVED}
