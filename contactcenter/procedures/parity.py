"""No procedure depends on the digital channel alone (pure): which ways without the Internet a procedure lacks.

A way counts only where the door behind it exists, is not closed, and has hours: a flag in the catalogue opens nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

DOOR_BEHIND = {
    "phone": "phone",
    "voicemail": "phone",
    "callback": "phone",
    "sms": "phone",
    "letter": "mailroom",
    "scan": "mailroom",
    "counter": "counter",
    "appointment": "counter",
}
WAY_IN = frozenset({"phone", "voicemail", "callback", "letter", "scan", "counter", "appointment"})
DOCUMENTS_IN = frozenset({"letter", "scan", "counter", "appointment"})
FOLLOW = frozenset({"phone", "letter", "counter", "callback"})
ANSWER = frozenset({"phone", "letter", "letter_large_print", "letter_braille", "letter_falc", "counter", "sms"})
_ANSWER_DOOR = {
    **DOOR_BEHIND,
    "letter_large_print": "mailroom",
    "letter_braille": "mailroom",
    "letter_falc": "mailroom",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing that cannot be done without the Internet: a code, and the sentence that says it."""

    code: str
    sentence: str


def gaps(code: str, channels_in: Collection[str], channels_out: Collection[str], doors: Collection[str]) -> list[Gap]:
    """What a procedure lacks, given the kinds of doors that exist and have hours (`phone`, `mailroom`, `counter`)."""
    ways_in = {way for way in channels_in if DOOR_BEHIND.get(way) in doors}
    ways_out = {way for way in channels_out if _ANSWER_DOOR.get(way) in doors}
    found = []
    if not ways_in & WAY_IN:
        found.append(
            (
                "way_in",
                _(
                    "%(code)s: nobody can ask for it without the Internet. Open a telephone line, a mailroom or a counter, or add one of them to its ways in."
                ),
            )
        )
    if not ways_in & DOCUMENTS_IN:
        found.append(
            (
                "documents",
                _(
                    "%(code)s: documents cannot be handed in without the Internet. Open a mailroom or a counter, or add letter or counter to its ways in."
                ),
            )
        )
    if not ways_in & FOLLOW:
        found.append(
            (
                "follow",
                _(
                    "%(code)s: nobody can follow it without the Internet. Open a telephone line, a mailroom or a counter, or add one of them to its ways in."
                ),
            )
        )
    if not ways_out & ANSWER:
        found.append(
            (
                "answer",
                _(
                    "%(code)s: nobody can be answered without the Internet. Open a mailroom or a telephone line, or add letter or phone to its ways out."
                ),
            )
        )
    return [Gap(code=gap, sentence=sentence % {"code": code}) for gap, sentence in found]
