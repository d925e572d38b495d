"""Originals, kept unchanged: one file each, named by its SHA-256, durable before we say yes.

They lie unencrypted below `$CC_DATA_DIR/originals/ab/<sha256>` (disk encryption is the operator's, see
docs/operations.md), read-only, and the same bytes twice are one file.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A kept original: its SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


def keep(data: bytes) -> Kept:
    """Keep these bytes; returns once they are on the disk."""
    kept = Kept(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    return kept if path(kept.sha256).exists() else _keep([data])


def keep_file(source: Path) -> Kept:
    """Keep a copy of a file; the source stays where it is. Raises OSError where it cannot be read."""
    with source.open("rb") as original:
        return _keep(iter(partial(original.read, CHUNK), b""))


def read(sha256: str) -> bytes:
    """The bytes of a kept original; FileNotFoundError where there is none."""
    return path(sha256).read_bytes()


def path(sha256: str) -> Path:
    """Where the original with this SHA-256 lies, or would lie."""
    return _root() / sha256[:2] / sha256


def _root() -> Path:
    return Path(settings.CC_DATA_DIR) / "originals"


def _keep(chunks: Iterable[bytes]) -> Kept:
    """Write, settle, then give the name: what lies under a name is always whole."""
    root = _root()
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix=".new-")
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            _settle(file)
        kept = Kept(sha256=digest.hexdigest(), size=size)
        _name(Path(name), path(kept.sha256))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return kept


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fchmod(file.fileno(), 0o440)
    os.fsync(file.fileno())


def _name(new: Path, place: Path) -> None:
    """Give the finished file its name, and make the name itself durable. The same bytes again change nothing."""
    if not place.parent.exists():
        place.parent.mkdir(exist_ok=True)
        _sync_folder(place.parent.parent)
    new.replace(place)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
