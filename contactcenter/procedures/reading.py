"""Read a catalogue from YAML (pure): entries, or every mistake in it with the place where it stands."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from contactcenter.errors import DomainError
from contactcenter.procedures.parity import ANSWER, WAY_IN

NATURES = frozenset({"information", "assistance", "declaration", "application", "complaint", "appeal"})
WAYS_IN = WAY_IN | {"email", "web_form", "sms", "partner_portal", "video_relay"}
WAYS_OUT = ANSWER | {"email", "sms", "partner_portal"}
NATURE_WAYS = frozenset({"any", "phone", "email", "web", "paper", "counter", "appointment"})
EFFECTS = frozenset({"none", "accept", "reject"})


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
    hint: dict[str, str]
    legal_natures: dict[str, str]
    channels_in: list[str]
    channels_out: list[str]
    pieces: list[dict[str, Any]] = field(default_factory=list)
    silence_effect: str = "none"
    silence_months: int | None = None
    silence_source: str = ""
    service_class: str = ""


def read_catalogue(text: str) -> list[Entry]:
    """The entries of a catalogue. Raises CatalogueError with every mistake, not only the first."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise CatalogueError([f"The file is not YAML: {str(error).splitlines()[0]}."]) from error
    rows = data.get("procedures") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise CatalogueError(["The file has no list called procedures."])
    mistakes = [mistake for number, row in enumerate(rows, start=1) for mistake in _mistakes(row, number)]
    codes = [row.get("code") for row in rows if isinstance(row, dict)]
    mistakes += [f"The code {code} stands twice." for code in sorted({c for c in codes if codes.count(c) > 1 and c})]
    if mistakes:
        raise CatalogueError(mistakes)
    return [_entry(row) for row in rows]


def _mistakes(row: Any, number: int) -> list[str]:
    if not isinstance(row, dict):
        return [f"Procedure {number} is not a list of fields."]
    where = str(row.get("code") or f"Procedure {number}")
    silence = row.get("silence") or {}
    found = [
        (not row.get("code"), "has no code"),
        (not isinstance(row.get("name"), dict) or not row["name"].get("fr"), "has no French name"),
        (_strange(row.get("legal_nature"), NATURE_WAYS), "names a way under legal_nature that we do not know"),
        (not set((row.get("legal_nature") or {}).values()) <= NATURES, f"has a legal nature that is none of {', '.join(sorted(NATURES))}"),
        (_strange(row.get("channels_in"), WAYS_IN), f"has a way in that is none of {', '.join(sorted(WAYS_IN))}"),
        (_strange(row.get("channels_out"), WAYS_OUT), f"has a way out that is none of {', '.join(sorted(WAYS_OUT))}"),
        (silence.get("effect", "none") not in EFFECTS, "has a silence that neither accepts nor rejects nor does nothing"),
        (silence.get("effect", "none") != "none" and not isinstance(silence.get("months"), int), "says that silence decides, but not after how many months"),
    ]  # fmt: skip
    return [f"{where} {mistake}." for wrong, mistake in found if wrong]


def _strange(values: Any, known: frozenset[str]) -> bool:
    return not values or not set(values) <= known


def _entry(row: dict[str, Any]) -> Entry:
    silence = row.get("silence") or {}
    return Entry(
        code=row["code"],
        name=row["name"],
        hint=row.get("hint") or {},
        legal_natures=row["legal_nature"],
        channels_in=row["channels_in"],
        channels_out=row["channels_out"],
        pieces=row.get("pieces") or [],
        silence_effect=silence.get("effect", "none"),
        silence_months=silence.get("months"),
        silence_source=silence.get("source", ""),
        service_class=row.get("service_class", ""),
    )
