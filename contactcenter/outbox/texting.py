"""How a text message leaves us: from whom, in how many segments, and with a way to answer it (pure).

Sources: 3GPP TS 23.038 (alphabets) and TS 23.040 (segments); in France operators refuse texts of programs from mobile
numbers, so that they come from a name, which nobody can answer (Arcep decision 2022-1583 on numbering).
"""

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 1600  # characters; the provider takes no more in one message

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """What a text costs: `count` messages; `units` of the `room` that one of them has, in its alphabet."""

    count: int
    units: int
    room: int
    alphabet: str  # "gsm7" or "ucs2"


def segments(text: str) -> Segments:
    """Count a text's segments. One letter outside the small alphabet (ê, emoji, Arabic) more than halves the room."""
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        units, alone, joined, alphabet = sum(2 if letter in _GSM_TWICE else 1 for letter in text), 160, 153, "gsm7"
    else:
        units, alone, joined, alphabet = len(text.encode("utf-16-be")) // 2, 70, 67, "ucs2"
    count = 1 if units <= alone else -(-units // joined)
    return Segments(count=count, units=units, room=alone if count == 1 else joined, alphabet=alphabet)


def costly(text: str) -> list[str]:
    """The letters outside the small alphabet, each once: writing them otherwise would halve what it costs."""
    return [letter for letter in dict.fromkeys(text) if letter not in _GSM and letter not in _GSM_TWICE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """From whom a text comes: our number, which can be answered, or a name, which cannot."""

    name: str
    answers: bool


def sender_for(number: str, line: str, names: Mapping[str, str]) -> Sender:
    """The sender for a number: the name set for the longest prefix that it has, else our own line."""
    fitting = [prefix for prefix in names if number.startswith(prefix)]
    if not fitting:
        return Sender(name=line, answers=True)
    return Sender(name=names[max(fitting, key=len)], answers=False)
