"""No procedure depends on the digital channel alone (pure): which ways without the Internet a procedure lacks.

A way counts only where the door behind it exists, is not closed, and has hours: a flag in the catalogue opens nothing.
"""

from collections.abc import Collection, Iterator
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
    """One thing that cannot be done without the Internet: its code, for which procedure, and the sentence that says it.

    `office` and `place` are slug and name of the one office where it is so, "" where it is so wherever doors are open.
    """

    procedure: str
    code: str
    office: str = ""
    place: str = ""

    @property
    def sentence(self) -> str:
        """What is missing and what mends it, in the language that is active."""
        told = f"{self.procedure} ({self.place})" if self.place else self.procedure
        return _sentences()[self.code] % {"code": told}


def gaps(
    code: str,
    channels_in: Collection[str],
    channels_out: Collection[str],
    doors: Collection[str],
    office: tuple[str, str] = ("", ""),
) -> list[Gap]:
    """What a procedure lacks, given the kinds of doors that exist and have hours (`phone`, `mailroom`, `counter`).

    Where these are the doors of one office, its slug and name stand in the gap and in the sentence.
    """
    slug, name = office
    return [
        Gap(procedure=code, code=lack, office=slug, place=name) for lack in _lacks(channels_in, channels_out, doors)
    ]


def _lacks(channels_in: Collection[str], channels_out: Collection[str], doors: Collection[str]) -> Iterator[str]:
    ways_in = {way for way in channels_in if DOOR_BEHIND.get(way) in doors}
    ways_out = {way for way in channels_out if _ANSWER_DOOR.get(way) in doors}
    for lack, there in (
        ("way_in", ways_in & WAY_IN),
        ("documents", ways_in & DOCUMENTS_IN),
        ("follow", ways_in & FOLLOW),
        ("answer", ways_out & ANSWER),
    ):
        if not there:
            yield lack


def _sentences() -> dict[str, str]:
    return {
        "way_in": _(
            "%(code)s: nobody can ask for it without the Internet. Open a telephone line, a mailroom or a counter, or add one of them to its ways in."
        ),
        "documents": _(
            "%(code)s: documents cannot be handed in without the Internet. Open a mailroom or a counter, or add letter or counter to its ways in."
        ),
        "follow": _(
            "%(code)s: nobody can follow it without the Internet. Open a telephone line, a mailroom or a counter, or add one of them to its ways in."
        ),
        "answer": _(
            "%(code)s: nobody can be answered without the Internet. Open a mailroom or a telephone line, or add letter or phone to its ways out."
        ),
    }
