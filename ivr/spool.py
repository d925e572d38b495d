"""Webhooks that came while the database was away: one file each, encrypted and on disk before we answer.

`$CC_DATA_DIR/ivr-spool/`, on the node that took them; its `voice` process asks our own doors again once they open.
What a door refuses for another reason is set aside with the ending `.refused`, for a human to look at (set_aside.py).
"""

import json
import logging
import os
import secrets
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

from contactcenter import crypto

log = logging.getLogger(__name__)

ENDING, REFUSED = ".told", ".refused"
NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """One webhook as it came: its path with the query, its parameters, and the mark that makes it recognisable."""

    path: str
    params: dict[str, str]
    token: str
    at: float = field(default_factory=time.time)


def folder() -> Path:
    """Where they lie; private to us."""
    place = Path(settings.CC_DATA_DIR) / "ivr-spool"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def keep(spooled: Spooled) -> Path:
    """On disk, file and folder, when this returns."""
    place = folder()
    file = place / f"{int(spooled.at * 1e6):020d}-{secrets.token_hex(4)}{ENDING}"
    part = file.with_suffix(".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(crypto.encrypt(json.dumps(asdict(spooled))))
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)
    _sync(place)
    return file


def waiting() -> list[Path]:
    """What is kept, the oldest first."""
    return sorted(folder().glob(f"*{ENDING}"))


def read(file: Path) -> Spooled:
    """What was kept in this file."""
    return Spooled(**json.loads(crypto.decrypt(file.read_text())))


def done(file: Path) -> None:
    """It has been carried in."""
    file.unlink(missing_ok=True)


def refuse(file: Path) -> None:
    """It cannot be carried in, and must not hold up the others."""
    file.rename(file.with_suffix(REFUSED))


def refused() -> list[Path]:
    """What is set aside, the oldest first."""
    return sorted(folder().glob(f"*{REFUSED}"))


def again(file: Path) -> None:
    """One that was set aside is to be carried in with the others."""
    file.rename(file.with_suffix(ENDING))


def is_named() -> bool:
    """Whether this place has a name."""
    return (folder() / NAME).exists()


def name() -> str:
    """This place among those of other nodes; it stays with the files when they move to another machine."""
    file = folder() / NAME
    if not file.exists():
        file.write_text(secrets.token_hex(8))
    return file.read_text()


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
