"""Which recordings a language can have: one for each phrase, number included, that is said to callers (pure)."""

from string import Formatter

from ivr.prompts import FIRST, clip_of, language

KEYS, DIGITS = range(1, 9), range(10)
MINUTES = (2, 5, 10, 15, 20, 30)
AHEAD = range(1, 21)
OURS = frozenset({"agent"})  # said to agents alone


def clips_of() -> list[str]:
    """The names of all recordings that a language can have."""
    names = [name for prompt in language(FIRST).texts if prompt not in OURS for name in _of(prompt)]
    return [*names, *(f"digit-{digit}" for digit in DIGITS)]


def _of(prompt: str) -> list[str]:
    numbers = {"language": KEYS, "ahead": AHEAD}.get(
        prompt, MINUTES if prompt in ("wait_under", "wait_between", "wait_over") else ()
    )
    if numbers:
        return [f"{prompt}-{number}" for number in numbers]
    return [prompt] if clip_of(prompt, dict.fromkeys(_facts(prompt), "")) else []


def _facts(prompt: str) -> set[str]:
    text = language(FIRST).texts[prompt]
    words = text if isinstance(text, str) else text["other"]
    return {name for _text, name, _spec, _conversion in Formatter().parse(words) if name}
