"""What a provider calls its things: calls, recordings, texts."""

import re

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_sid(text: str) -> bool:
    """Whether this can be an id at a provider: 34 letters and digits at one, a UUID at another; never a path."""
    return bool(_SID.fullmatch(text))
