"""What an answer adds to what it quotes; the whole mail stays in its raw bytes."""

from mailparser_reply import EmailReplyParser

LONGEST = 50_000
_reader = EmailReplyParser(languages=["fr", "en", "es", "de", "it"])


def without_quotes(text: str) -> str:
    """The newest words of a reply; all of it where nothing is left, or where it is too long to look at."""
    if len(text) > LONGEST:
        return text
    newest = _reader.parse_reply(text) or ""
    return newest.strip() or text
