"""Ids of rows as texts that come from outside: out of forms, addresses, and programs."""

DIGITS = 18  # as many as every number has that fits a column of 64 bits


def id_in(text: str) -> int | None:
    """The id that a text names; None where it is no number, or one that no column holds."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None
