"""What a clerk may find on a letter, proposed from its text with the reason for each (pure). A human decides."""

import re
from dataclasses import dataclass

REFERENCE = re.compile(r"(?<![\d.,])\d(?:[ .\N{NO-BREAK SPACE}-]?\d){9}(?![\d])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<!\d)(?:\+33|0)[ .]?[1-9](?:[ .-]?\d\d){4}(?!\d)")
SUBJECT = re.compile(r"^\s*(?:objet|subject)\s*[:;]\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
POSTCODE = re.compile(r"(?<!\d)\d{5}\s+[^\W\d_]")
LETTERHEAD = 12  # the sender's block stands within the first lines
MOST_ADDRESS_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the text seems to say; "" where it says nothing of the kind."""

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    subject: str = ""
    references: tuple[str, ...] = ()


def suggest(text: str, *, ours: str = "") -> Found:
    """Read the letterhead and the numbers. `ours` is the office's own address, which is no sender's."""
    name, address = _sender(text, ours)
    return Found(
        name=name,
        address=address,
        email=_first(EMAIL, text),
        phone=_first(PHONE, text),
        subject=found[1].strip()[:300] if (found := SUBJECT.search(text)) else "",
        references=tuple(dict.fromkeys(re.sub(r"\D", "", number) for number in REFERENCE.findall(text)))[:5],
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""


def _sender(text: str, ours: str) -> tuple[str, str]:
    """Name and address from the block that ends in the first postcode that is not ours."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    head = [line for line in lines if line][:LETTERHEAD]
    own = {" ".join(line.split()).casefold() for line in ours.splitlines()}
    for at, line in enumerate(head):
        if POSTCODE.search(line) and line.casefold() not in own:
            block = head[max(0, at - MOST_ADDRESS_LINES + 1) : at + 1]
            if len(block) < 2 or any(character.isdigit() for character in block[0]):
                return "", "\n".join(block)
            return _untitled(block[0]), "\n".join(block[1:])
    return "", ""


def _untitled(name: str) -> str:
    return re.sub(r"^(?:M\.|Mr\.?|Mme|Mlle|Madame|Monsieur)\s+", "", name)
