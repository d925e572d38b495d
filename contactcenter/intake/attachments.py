"""Files that came with an interaction; their bytes already lie in the vault."""

from collections.abc import Iterable

from contactcenter.channel import File
from contactcenter.intake.texts import one_line
from contactcenter.rows import add_all
from contactcenter.tickets.models import Attachment, Interaction

_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def attach(interaction: Interaction, files: Iterable[File]) -> list[Attachment]:
    """Note each file, under a name that cannot mislead the one who reads it."""
    rows = [
        Attachment(
            interaction=interaction,
            name=shown_name(file.name),
            content_type=one_line(file.content_type, 120) or "application/octet-stream",
            size=file.kept.size,
            sha256=file.kept.sha256,
            problem=file.problem,
        )
        for file in files
    ]
    return add_all(rows)


def shown_name(name: str) -> str:
    """The last part of the path, without control or direction-changing characters."""
    base = name.replace("\\", "/").rpartition("/")[2].translate(_BIDI)
    return one_line("".join(c if c.isprintable() else " " for c in base), 255) or "file"
