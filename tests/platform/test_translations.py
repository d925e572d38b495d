"""French is the language of the house: no sentence leaves it half translated."""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from contactcenter.translations import ROOMS, ROOT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
Sentence = str | tuple[str, ...]
Asked = dict[tuple[str | None, Sentence], set[str]]
Answered = dict[tuple[str | None, str], tuple[str, ...]]


def _all(sentence: str | Iterable[str] | None) -> tuple[str, ...]:
    """One form, or as many as a plural has; none is an empty one."""
    return (sentence or "",) if isinstance(sentence, str | None) else tuple(sentence)


def _read(text: Path) -> Iterator[tuple[str | None, Sentence]]:
    """The sentences that one module or template asks a translation for, each with its context."""
    source = text.read_text()
    if text.suffix != ".py":
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    for _line, sentence, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        if sentence:
            yield context, sentence


@pytest.fixture(scope="module")
def asked() -> Asked:
    found: Asked = {}
    for room in ROOMS:
        for text in sorted((ROOT / room).rglob("*.*")):
            if text.suffix == ".py" or (text.suffix in (".html", ".txt", ".xml") and "templates" in text.parts):
                for key in _read(text):
                    found.setdefault(key, set()).add(str(text.relative_to(ROOT)))
    return found


@pytest.fixture(scope="module")
def answered() -> Answered:
    """French for every message, by its context and its (singular) English."""
    found: Answered = {}
    for room in ROOMS:
        for text in sorted((ROOT / room).rglob("locale/fr/LC_MESSAGES/django.po")):
            with text.open("rb") as source:
                for message in read_po(source, locale="fr"):
                    if message.id and "fuzzy" not in message.flags:
                        found[message.context, _all(message.id)[0]] = _all(message.string)
    return found


def test_something_is_asked_for_in_every_kind_of_place(asked: Asked) -> None:
    places = {place for where in asked.values() for place in where}
    assert any(place.endswith(".py") for place in places)
    assert any(place.endswith(".html") for place in places)
    assert any(isinstance(sentence, tuple) for _context, sentence in asked)


def test_every_sentence_has_its_french(asked: Asked, answered: Answered) -> None:
    missing = [
        f"{min(where)}: {_all(sentence)[0]}"
        for (context, sentence), where in asked.items()
        if not all(answered.get((context, _all(sentence)[0]), ("",)))
    ]
    assert not missing, "no French for:\n" + "\n".join(sorted(missing))


def test_all_rooms_say_the_same_french() -> None:
    """All rooms share one catalogue: of two different answers, one would show in the other's room."""
    said: dict[tuple[str | None, str], set[tuple[str, ...]]] = {}
    for room in ROOMS:
        for text in sorted((ROOT / room).rglob("locale/fr/LC_MESSAGES/django.po")):
            with text.open("rb") as source:
                for message in read_po(source, locale="fr"):
                    if message.id:
                        said.setdefault((message.context, _all(message.id)[0]), set()).add(_all(message.string))
    assert {english: french for english, french in said.items() if len(french) > 1} == {}


def test_a_sentence_with_a_plural_has_two_french_forms(asked: Asked, answered: Answered) -> None:
    flat = [
        _all(sentence)[0]
        for context, sentence in asked
        if isinstance(sentence, tuple) and len(answered.get((context, sentence[0]), ())) != 2
    ]
    assert not flat


def test_the_french_names_the_same_places_as_the_english(answered: Answered) -> None:
    """A place that is missing or misspelt would fail only once somebody sees the sentence."""
    wrong = [
        english
        for (_context, english), french in answered.items()
        for form in french
        if not set(PLACE.findall(form)) <= set(PLACE.findall(english))
        or (len(french) == 1 and set(PLACE.findall(form)) != set(PLACE.findall(english)))
    ]
    assert not wrong


def test_no_french_line_begins_with_a_sign_that_belongs_to_the_word_before(answered: Answered) -> None:
    """A space that does not break, but in the text message, whose alphabet has none."""
    loose = re.compile(r" [;:!?»]|« ")
    assert [english for (_context, english), forms in answered.items() if any(map(loose.search, forms))] == [
        "Your request is registered under number %(number)s. A person will answer you. Questions: %(phone)s"
    ]


def test_a_receipt_is_never_called_by_the_name_of_a_document_that_gives_a_right_to_stay(answered: Answered) -> None:
    assert not [
        english for (_context, english), forms in answered.items() if any("récépissé" in form for form in forms)
    ]
