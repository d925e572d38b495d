"""What callers hear: a file of words for each language, each spoken by a voice or recorded by a person (pure).

A recording says one whole phrase, its number included ("less than five minutes"), so that its grammar is right in any
language. What has neither a recording nor a voice in the caller's language is said in French, never left silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from babel import Locale

CODES = ("fr", "en", "ar", "es", "pt", "tr", "ru", "zh", "fa", "ps")
FIRST = "fr"
Text = str | dict[str, str]
Clips = Mapping[tuple[str, str], str]  # (clip, language) -> where its audio is

# What a caller hears until somebody answers: a language that lacks one of these is not offered.
UP_TO_THE_QUEUE = (
    "language", "topic", "way", "not_understood", "wait", "offer_callback", "offer_message", "callback", "message",
    "thanks", "reference", "connecting",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its own name, the provider's tag and voice (None where none speaks it), and its words."""

    code: str
    name: str
    voice: tuple[str, str] | None
    reviewed: bool
    texts: dict[str, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One thing to be heard: the address of its recording, or words for the voice of a language."""

    language: str
    words: str
    clip: str = ""

    @property
    def voice(self) -> tuple[str, str]:
        """The provider's tag and voice."""
        return language(self.language).voice or language(FIRST).voice or ("fr-FR", "alice")


@lru_cache(maxsize=len(CODES))
def language(code: str) -> Language:
    """A language of ours; the first one for a code that is none."""
    name = code if code in CODES else FIRST
    read = yaml.load((Path(__file__).parent / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    voice = tuple(read["voice"]) if read["voice"] else None
    return Language(code=name, name=read["name"], voice=voice, reviewed=read["reviewed"], texts=read["texts"])


def spoken(prompt: str, code: str, clips: Clips, **facts: object) -> Spoken:
    """A recording in the caller's language, else a voice in it; else the same in French."""
    for one in dict.fromkeys((code, FIRST)):
        clip = clips.get((clip_of(prompt, facts), one))
        if clip:
            return Spoken(language=one, words="", clip=clip)
        if one in CODES and language(one).voice and prompt in language(one).texts:
            return Spoken(language=one, words=words(prompt, one, **facts))
    return Spoken(language=FIRST, words=words(prompt, FIRST, **facts))


def words(prompt: str, code: str, **facts: object) -> str:
    """A prompt's words; where they go by number, in the form that the language's plural rules give to `count`."""
    text = language(code).texts[prompt]
    if isinstance(text, dict):
        text = text.get(form(code, int(str(facts["count"]))), text["other"])
    return text.format(**facts)


def form(code: str, count: int) -> str:
    """The plural category of a number in a language: `one`, `few`, …"""
    return str(Locale(code).plural_form(count))


def clip_of(prompt: str, facts: Mapping[str, object]) -> str:
    """The name of the recording that says this; "" where it holds something that nobody can have recorded."""
    if prompt == "greeting" or not facts:
        return prompt
    if set(facts) == {"low", "count"}:
        return f"{prompt}-{facts['low']}-{facts['count']}"
    for number in ("key", "count", "digit"):
        if set(facts) == {number}:
            return f"{prompt}-{facts[number]}"
    return ""


def is_offered(code: str, key: int, clips: Clips) -> bool:
    """Whether a caller finds their way to a person in this language, from the key that chooses it on."""
    return not lacking(code, key, clips)


def lacking(code: str, key: int, clips: Clips) -> list[str]:
    """The prompts up to the queue that are neither recorded nor spoken by a voice, as recordings are named."""
    known = language(code)
    names = {prompt: f"language-{key}" if prompt == "language" else prompt for prompt in UP_TO_THE_QUEUE}
    return [
        clip
        for prompt, clip in names.items()
        if (clip, code) not in clips and not (known.voice and prompt in known.texts)
    ]
