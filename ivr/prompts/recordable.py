"""Which recordings a language can have: one for each phrase, number included, that is said to callers (pure)."""

from string import Formatter

from ivr.prompts import FIRST, clip_of, language, waits

KEYS, DIGITS = range(1, 10), range(10)
AHEAD = range(1, 21)
OURS = frozenset({"agent"})  # said to agents alone
PARTS = frozenset({"days", "span"})  # of a week's hours, said within another prompt


def clips_of() -> list[str]:
    """The names of all recordings that a language can have."""
    return [*(name for prompt in _said() for name in _of(prompt)), *(f"digit-{digit}" for digit in DIGITS)]


def french_of(clip: str) -> str:
    """What this recording says, in French, with the names of its numbers in braces; a digit says itself."""
    prompt, _minus, number = clip.partition("-")
    return _written(prompt) if prompt in language(FIRST).texts else number


def unrecordable() -> list[str]:
    """The prompts that nobody can record, since they hold a day, an hour, an address or a service's name."""
    return [prompt for prompt in _said() if not _of(prompt)]


def _said() -> list[str]:
    return [prompt for prompt in language(FIRST).texts if prompt not in OURS | PARTS]


def _of(prompt: str) -> list[str]:
    waited = [clip_of(name, numbers) for name, numbers in waits.all_told() if name == prompt]
    numbers = {"language": KEYS, "ahead": AHEAD}.get(prompt, ())
    numbered = waited or [f"{prompt}-{number}" for number in numbers]
    return numbered or ([prompt] if clip_of(prompt, dict.fromkeys(_facts(prompt), "")) else [])


def _facts(prompt: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(_written(prompt)) if name}


def _written(prompt: str) -> str:
    text = language(FIRST).texts[prompt]
    return text if isinstance(text, str) else text["other"]
