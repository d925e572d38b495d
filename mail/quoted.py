"""What an answer adds to what it quotes; the whole mail stays in its raw bytes."""

import re

from mailparser_reply import EmailReplyParser

LOOKED_AT = 8_000  # characters: the newest words stand first, and the reader takes more than the square of its text
_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+\n")
_reader = EmailReplyParser(languages=["fr", "en", "es", "de", "it"])


def without_quotes(text: str) -> str:
    """The newest words of a reply; all of it where nothing is left, or where no quote begins early on."""
    start = _BLANK.sub("\n\n", text[: 4 * LOOKED_AT])[:LOOKED_AT]
    newest = (_reader.parse_reply(start) or "").strip()
    return newest if newest and newest != start.strip() else text
