"""Files that must be forgotten: each encrypted under a key of its own, which lies elsewhere (in the database).

`$CC_DATA_DIR/tapes/`, private to us. AES-256-GCM over pieces of a megabyte: each piece knows its place and whether it
is the last, so that none can be left out. Without its key a file, or a copy in some backup, says nothing any more.
"""

import base64
import os
import secrets
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PIECE = 1 << 20
NONCE = 12
_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">Q?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed file: its name, the key that opens it (base64), and how many bytes are in it."""

    name: str
    key: str
    size: int


def keep(pieces: Iterable[bytes]) -> Sealed:
    """Seal what comes, on disk when this returns."""
    key, size, folder = AESGCM.generate_key(256), 0, _folder()
    cipher = AESGCM(key)
    handle, new = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            for number, (piece, last) in enumerate(_with_last(pieces)):
                nonce = os.urandom(NONCE)
                hidden = nonce + cipher.encrypt(nonce, piece, _PLACE.pack(number, last))
                out.write(_LENGTH.pack(len(hidden)) + hidden)
                size += len(piece)
            out.flush()
            os.fsync(out.fileno())
        file = folder / f"{secrets.token_hex(12)}.tape"
        Path(new).replace(file)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise
    _sync(folder)
    return Sealed(name=file.name, key=base64.b64encode(key).decode(), size=size)


def read(name: str, key: str) -> Iterator[bytes]:
    """What was sealed, piece by piece. FileNotFoundError where it is gone, ValueError where it was changed."""
    file = (_folder() / name).open("rb")
    return _opened(file, AESGCM(base64.b64decode(key)))


def forget(name: str) -> None:
    """The file is gone; where it was gone already, nothing happens."""
    (_folder() / name).unlink(missing_ok=True)


def _opened(file: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    with file:
        number = 0
        ahead = file.read(_LENGTH.size)
        while ahead:
            hidden = file.read(_LENGTH.unpack(ahead)[0])
            ahead = file.read(_LENGTH.size)
            try:
                yield cipher.decrypt(hidden[:NONCE], hidden[NONCE:], _PLACE.pack(number, not ahead))
            except InvalidTag as error:
                raise ValueError("a sealed file was changed or cut off") from error
            number += 1


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each piece, and whether it is the last."""
    waiting = None
    for piece in pieces:
        if waiting is not None:
            yield waiting, False
        waiting = piece
    if waiting is not None:
        yield waiting, True


def _folder() -> Path:
    place = Path(settings.CC_DATA_DIR) / "tapes"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
