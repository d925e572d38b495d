"""A text is counted as networks count it, and nobody is told to answer what cannot be answered."""

import pytest

from contactcenter import env
from contactcenter.outbox.texting import segments, sender_for


@pytest.mark.parametrize(
    ("text", "count", "alphabet"),
    [
        ("", 1, "gsm7"),
        ("a" * 160, 1, "gsm7"),
        ("a" * 161, 2, "gsm7"),
        ("a" * 306, 2, "gsm7"),
        ("a" * 307, 3, "gsm7"),
        ("€" * 80, 1, "gsm7"),
        ("€" * 81, 2, "gsm7"),
        ("é" * 160, 1, "gsm7"),
        ("ê" * 70, 1, "ucs2"),
        ("ê" * 71, 2, "ucs2"),
        ("م" * 134, 2, "ucs2"),
        ("م" * 135, 3, "ucs2"),
        ("😀" * 35, 1, "ucs2"),
        ("😀" * 36, 2, "ucs2"),
    ],
)
def test_segments_are_counted_as_networks_count_them(text, count, alphabet):
    counted = segments(text)

    assert (counted.count, counted.alphabet) == (count, alphabet)


def test_a_country_with_a_name_of_ours_cannot_answer_and_others_can(monkeypatch):
    monkeypatch.setenv("CC_SMS_SENDERS", "+33=ACCUEIL, +33639=TEST")
    names = env.sender_names("CC_SMS_SENDERS")

    assert sender_for("+33612345678", "+33199000000", names).name == "ACCUEIL"
    assert not sender_for("+33612345678", "+33199000000", names).answers
    assert sender_for("+33639980001", "+33199000000", names).name == "TEST"
    assert sender_for("+32470000000", "+33199000000", names) == sender_for("+1", "+33199000000", {})
    assert sender_for("+32470000000", "+33199000000", names).answers


@pytest.mark.parametrize("wrong", ["33=ACCUEIL", "+33=", "+33=TOOLONGANAME", "+33=123", "+33=É", "ACCUEIL"])
def test_a_sender_that_no_network_takes_is_said(monkeypatch, wrong):
    monkeypatch.setenv("CC_SMS_SENDERS", wrong)

    with pytest.raises(env.EnvError, match="CC_SMS_SENDERS: "):
        env.sender_names("CC_SMS_SENDERS")
