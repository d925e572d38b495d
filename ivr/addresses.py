"""What travels in the address of a webhook, read back from it (pure)."""

LONGEST = 18  # digits; more are no row's number


def number(text: str) -> int:
    """A row's number; 0, which is no row's, where the text is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else 0
