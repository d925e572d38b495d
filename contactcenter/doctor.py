"""The list of questions that `./run doctor` asks; every room may add its own with `@question`. Plain types only."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`note`: it works, with less than it could have."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One answer, in a sentence that says what to do where something is to be done."""

    verdict: Verdict
    text: str


Question = Callable[[], Iterable[Finding]]
_questions: list[Question] = []


def question(ask: Question) -> Question:
    """Have the doctor ask this as well."""
    _questions.append(ask)
    return ask


def examine() -> Iterator[Finding]:
    """Ask everything; a question that fails is an answer too."""
    for ask in _questions:
        try:
            yield from ask()
        except Exception as error:
            name = ask.__name__.replace("_", " ")
            yield wrong(f"{name} could not be examined: {error}")


def ok(text: str) -> Finding:
    """All is well."""
    return Finding(verdict=Verdict.OK, text=text)


def note(text: str) -> Finding:
    """It works without."""
    return Finding(verdict=Verdict.NOTE, text=text)


def wrong(text: str) -> Finding:
    """Somebody has to act."""
    return Finding(verdict=Verdict.WRONG, text=text)
