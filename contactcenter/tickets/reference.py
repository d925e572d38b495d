"""References that a telephone can key and any language can say: ten digits, the last a check digit (pure).

The check digit is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): it catches every single wrong
digit and every swap of neighbours. The other nine are random, so knowing one reference reveals nothing of another.
"""

import secrets

LENGTH = 10

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def new_reference() -> str:
    """A fresh reference; its first digit is not 0, which people would leave out."""
    body = str(secrets.randbelow(9 * 10 ** (LENGTH - 2)) + 10 ** (LENGTH - 2))
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """The digit that completes these."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def cleaned(text: str) -> str:
    """The digits of what somebody typed or said, without spaces, dots and dashes."""
    return "".join(character for character in text if character in "0123456789")


def is_valid(reference: str) -> bool:
    """Whether this can be a reference of ours: the right length and the right check digit."""
    return len(reference) == LENGTH and reference.isascii() and reference.isdigit() and check_digit(reference) == "0"


def spaced(reference: str) -> str:
    """As it is printed and read aloud: 482 719 305 9."""
    return " ".join(reference[at : at + 3] for at in range(0, len(reference), 3))
