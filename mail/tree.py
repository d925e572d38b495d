"""Bytes to the parts of a mail, up to so much of everything (pure): Python's parser sets no bounds of its own.

What goes over a bound is not read, and `cut` names it: `headers`, `lines` or `parts`. The raw mail is kept elsewhere.
"""

import re
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from itertools import islice
from typing import Any

MOST_PARTS = 500
DEEPEST = 30  # parts within parts: each line is held against the boundary of every part around it
MOST_LINES = 1_000_000
LONGEST_HEADER = 100_000  # characters
LONGEST_PARAMETERS = 8_000  # of a Content- header, whose parameters are read in the square of their length ...
MOST_PARAMETERS = 200  # ... times their number
_LINE = re.compile(rb"\r\n|\r|\n")


class _EnoughError(Exception):
    """There are more parts than anybody reads."""


class Tree:
    """A mail's parts, and what was left out of them."""

    def __init__(self, raw: bytes) -> None:
        self.cut: set[str] = set()
        self.root: Message = Message()
        self.count = 0
        parser = BytesFeedParser(self._part, policy=_Bounded(cut=self.cut))  # type: ignore[call-arg]  # as policies are made
        self.count = 0  # the parser tries out its factory once
        try:
            parser.feed(_first_lines(raw, self.cut))
            parser.close()
        except Exception:  # too many parts, or a mail that breaks the parser: what was read until then is there
            self.cut.add("parts")

    def _part(self, policy: Any = None) -> Message:
        part = _Part(policy=policy)
        if not self.count:
            self.root = part
        self.count += 1
        if self.count > MOST_PARTS:
            raise _EnoughError
        return part


class _Part(Message):
    """A part that knows how deep it lies."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST:
            raise _EnoughError
        super().attach(payload)


class _Bounded(Compat32):
    """Reads each header up to its bound."""

    cut: set[str] = set()

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        longest = LONGEST_HEADER
        if name[:8].lower() == "content-":
            longest = _end_of_parameters(value)
        if len(value) > longest:
            self.cut.add("headers")
        return name, value[:longest]


def _end_of_parameters(value: str) -> int:
    places = (found.start() for found in re.finditer(";", value[:LONGEST_PARAMETERS]))
    return next(islice(places, MOST_PARAMETERS, None), LONGEST_PARAMETERS)


def _first_lines(raw: bytes, cut: set[str]) -> bytes:
    if raw.count(b"\n") + raw.count(b"\r") <= MOST_LINES:
        return raw
    end = next((found.end() for found in islice(_LINE.finditer(raw), MOST_LINES, None)), None)
    if end is None:
        return raw
    cut.add("lines")
    return raw[:end]
