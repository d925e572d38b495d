"""Texts as the database can hold them (pure); the original is always kept beside them, unchanged."""

import re

SUBJECT = 300
TEXT = 1_000_000
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def storable(text: str, limit: int = TEXT) -> str:
    """Without NUL and lone surrogates, which a database refuses, and at most `limit` characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:limit]


def one_line(text: str, limit: int = SUBJECT) -> str:
    """On one line, for a subject."""
    return _BREAKS.sub(" ", storable(text)).strip()[:limit]


def title_of(text: str) -> str:
    """The first words of a text, for a request that came without a subject."""
    line = one_line(text, 90)
    return line if len(line) < 90 else line.rpartition(" ")[0] + "…"
