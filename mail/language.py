"""The language a text is written in, as far as a few common words tell (pure)."""

import re

_WORDS = {
    "fr": frozenset(
        [
            "je",
            "le",
            "la",
            "les",
            "de",
            "des",
            "du",
            "et",
            "est",
            "pas",
            "vous",
            "pour",
            "mon",
            "ma",
            "mes",
            "une",
            "que",
            "qui",
            "dans",
            "sur",
            "avec",
            "bonjour",
            "merci",
            "ai",
            "suis",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "and",
            "is",
            "not",
            "you",
            "for",
            "my",
            "have",
            "of",
            "to",
            "in",
            "on",
            "with",
            "that",
            "this",
            "hello",
            "thank",
            "please",
            "am",
            "are",
            "was",
            "it",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "los",
            "las",
            "y",
            "es",
            "no",
            "para",
            "mi",
            "que",
            "en",
            "con",
            "una",
            "hola",
            "gracias",
            "por",
            "del",
            "usted",
            "tengo",
            "estoy",
        ]
    ),
    "tr": frozenset(
        ["ve", "bir", "bu", "için", "ben", "ne", "var", "değil", "merhaba", "teşekkür", "ama", "olarak", "daha", "çok"]
    ),
}
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def language_of(text: str) -> str:
    """A code such as `fr`, or "" where the words do not tell."""
    sample = text[:2000].lower()
    if len(_ARABIC.findall(sample)) > len(sample) / 4:
        return "ar"
    words = re.findall(r"[^\W\d_]+", sample)
    counts = {code: sum(word in known for word in words) for code, known in _WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 2 else ""
