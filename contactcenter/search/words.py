"""Text into words to be found by (pure)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

LONGEST_WORD = 40
PREFIX_FROM = 3  # letters from which a word is also found by its beginning
LEAST_DIGITS, MOST_DIGITS = 8, 15  # of a number that is kept in one; no telephone number has more
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"[\s\u00a0\u202f.,·()/–-]"  # the groups of a number, up to three of these; PostgreSQL reads it too
_GROUPS = re.compile(rf"[0-9]+(?:{_BETWEEN}{{1,3}}[0-9]+)*")


def words(text: str) -> list[str]:
    """The words of a text, in order: letters and digits, without accents, in lower case, cut at 40 characters."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain(text))]


def as_typed(text: str) -> list[str]:
    """The words of a text with their accents and capitals."""
    return _WORD.findall(text)


def numbers(text: str) -> Iterator[str]:
    """The numbers that a text has in groups, each in one: “06 39 98 00 01” is 0639980001.

    Where a number begins among figures nobody knows: so there is one from each group on, of at most 15 digits.
    """
    for figures in _GROUPS.findall(text):
        groups = re.findall("[0-9]+", figures)
        for start in range(len(groups) - 1):
            number = "".join(groups[start : start + MOST_DIGITS])[:MOST_DIGITS]
            if len(number) >= LEAST_DIGITS:
                yield number


def in_groups(number: str) -> str:
    """A regular expression for this number however its digits are grouped."""
    return f"(^|[^0-9]){f'{_BETWEEN}{{0,3}}'.join(number)}"


def plain(text: str) -> str:
    """The text without accents and capitals; each character stays at its place where it can."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold()).translate(_marks)


class _Marks(dict[int, int | None]):
    """What becomes of a character, found out when it is first met: an accent goes, the others stay."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_marks = _Marks()


def office_word(office_id: int) -> str:
    """The word that stands for an office; no text has it, since its words have no underscore."""
    return f"office_{office_id}"


def place_words(place: str) -> list[str]:
    """The words that stand for where a paper lies; no text has them, and none that somebody types begins so."""
    return [f"_{word}" for word in words(place)]


def by_beginning(word: str) -> bool:
    """Whether a word that was typed is found by its beginning too; one that every office begins with is not."""
    return len(word) >= PREFIX_FROM and not office_word(0).startswith(word)


def has_all(there: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether all the wanted words are there, as the index would find them."""
    return all(any(word == one or (by_beginning(one) and word.startswith(one)) for word in there) for one in wanted)


def snippet(text: str, wanted: Sequence[str], length: int = 160) -> str:
    """Some of the text around the first of the words, on one line; its beginning where none is in it."""
    line = " ".join(text.split())
    folded = plain(line)
    places = [found.start() for word in wanted if (found := re.search(rf"(?<![^\W_]){re.escape(word)}", folded))]
    start = max(0, min(places, default=0) - length // 3)
    cut = line[start : start + length]
    return f"{'…' if start else ''}{cut}{'…' if start + length < len(line) else ''}"
