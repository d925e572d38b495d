"""Which prompts a person has recorded, as last read: documents are made from this copy and wait for no database."""

from ivr.lines import Recording
from ivr.prompts import Clips

_known: dict[tuple[str, str], str] = {}


def clips() -> Clips:
    """Where the audio of each (prompt, language) is."""
    return _known


def read_anew() -> None:
    """Read what is recorded now."""
    rows = Recording.objects.values_list("prompt", "language", "token")
    fresh = {(prompt, language): f"/ivr/audio/{token}" for prompt, language, token in rows}
    _known.clear()
    _known.update(fresh)
