"""Read a catalogue from YAML (pure): entries, or every mistake in it with the line where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from contactcenter.errors import DomainError
from contactcenter.procedures.rules import mistakes

OURS = Path(__file__).with_name("catalogue.yaml")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


class CatalogueError(DomainError):
    """The catalogue cannot be read; `mistakes` are sentences that name the place."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One procedure of a catalogue, field by field as a version keeps it."""

    code: str
    name: dict[str, str]
    hint: dict[str, str] = field(default_factory=dict)
    legal_natures: dict[str, str] = field(default_factory=dict)
    channels_in: list[str] = field(default_factory=list)
    channels_out: list[str] = field(default_factory=list)
    pieces: list[dict[str, Any]] = field(default_factory=list)
    silence_effect: str = "none"
    silence_months: int | None = None
    silence_source: str = ""
    service_class: str = ""


def read_catalogue(text: str) -> list[Entry]:
    """The entries of a catalogue. Raises CatalogueError with every mistake, not only the first."""
    rows = _rows(text)
    wrong = [sentence for place, row in rows for sentence in _mistakes(place, row)]
    wrong += _twice([(place, row) for place, row in rows if isinstance(row, dict)])
    if wrong:
        raise CatalogueError(wrong)
    return [Entry(**_facts(row)) for _place, row in rows]


def _rows(text: str) -> list[tuple[str, Any]]:
    """Each procedure as YAML gives it, with its place: its code and line."""
    try:
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506  # it is the safe one
        tree = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CatalogueError([_("The file is not YAML: %(why)s.") % {"why": _why(error)}]) from error
    rows = data.get("procedures") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise CatalogueError([_("The file has no list called procedures.")])
    return [
        (_place(row, number, line), row) for number, (row, line) in enumerate(zip(rows, _lines(tree), strict=True), 1)
    ]


def _why(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or (str(error).splitlines() or [type(error).__name__])[0]
    return _("%(problem)s, line %(line)d") % {"problem": problem, "line": mark.line + 1} if mark else str(problem)


def _lines(tree: Any) -> list[int]:
    listed = next(value for key, value in reversed(tree.value) if key.value == "procedures")
    return [node.start_mark.line + 1 for node in listed.value]


def _place(row: Any, number: int, line: int) -> str:
    code = row.get("code") if isinstance(row, dict) else None
    name = code if isinstance(code, str) and code else _("Procedure %(number)d") % {"number": number}
    return _("%(name)s (line %(line)d)") % {"name": name, "line": line}


def _mistakes(place: str, row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield placed(place, _("this is not a list of fields"))
        return
    if not isinstance(row.get("code"), str) or not _CODE.fullmatch(row["code"]):
        yield placed(place, _("the code is missing, or is not made of letters, digits, - and _"))
    silence = row.get("silence", {})
    if not isinstance(silence, dict):
        yield placed(place, _("silence has an effect, months and a source"))
        row = {**row, "silence": {}}
    facts = _facts(row)
    for sentence in mistakes(facts):
        yield placed(place, sentence)


def placed(place: str, sentence: str) -> str:
    """A mistake with its place."""
    return _("%(place)s: %(mistake)s.") % {"place": place, "mistake": sentence}


def _twice(rows: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """A code is the same code however it is written."""
    known: set[str] = set()
    for place, row in rows:
        code = str(row.get("code") or "").casefold()
        if code and code in known:
            yield placed(place, _("this code stands twice"))
        known.add(code)


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """The row under the names that a version gives its fields; what is left out has its default."""
    silence = row.get("silence") or {}
    facts = {
        **{name: row.get(name) for name in ("code", "name", "hint", "channels_in", "channels_out", "pieces")},
        "legal_natures": row.get("legal_nature"),
        "silence_effect": silence.get("effect"),
        "silence_months": silence.get("months"),
        "silence_source": silence.get("source"),
        "service_class": row.get("service_class"),
    }
    return {name: value for name, value in facts.items() if value is not None}
