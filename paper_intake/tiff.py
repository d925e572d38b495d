"""Whether a TIFF has arrived whole: every directory and every strip it names lies within the file (pure)."""

import struct
from typing import BinaryIO, NamedTuple

MAGIC = {b"II*\0": ("<", False), b"MM\0*": (">", False), b"II+\0": ("<", True), b"MM\0+": (">", True)}
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
LETTERS = {3: "H", 4: "I", 13: "I", 16: "Q"}
STRIPS, STRIP_SIZES, TILES, TILE_SIZES = 273, 279, 324, 325
MOST_DIRECTORIES = 2000
MOST_STRIPS = 100_000


class Layout(NamedTuple):
    """How this TIFF writes its numbers: byte order, and whether it is a BigTIFF."""

    order: str
    big: bool

    def number(self, data: bytes) -> int:
        """One offset."""
        return int.from_bytes(data, "little" if self.order == "<" else "big")


def is_whole(file: BinaryIO, size: int) -> bool:
    """Whether nothing the directories point to lies beyond the end. A broken directory counts as not whole."""
    file.seek(0)
    head = file.read(16)
    layout = Layout(*MAGIC[head[:4]])
    at = layout.number(head[8:16] if layout.big else head[4:8])
    seen: set[int] = set()
    while at and at not in seen and len(seen) < MOST_DIRECTORIES:
        seen.add(at)
        try:
            end, at = _directory(file, layout, at)
        except (struct.error, KeyError):
            return False
        if end > size:
            return False
    return bool(seen)


def _directory(file: BinaryIO, layout: Layout, at: int) -> tuple[int, int]:
    """How far the data of the directory at `at` reach, and where the next one is (0: none)."""
    counter, entry = (8, 20) if layout.big else (2, 12)
    word = 8 if layout.big else 4
    file.seek(at)
    count = layout.number(_exactly(file, counter))
    entries = _exactly(file, min(count, 4096) * entry)
    following = layout.number(_exactly(file, word))
    found = {}
    for start in range(0, len(entries), entry):
        tag, kind = struct.unpack_from(layout.order + "HH", entries, start)
        if tag in (STRIPS, STRIP_SIZES, TILES, TILE_SIZES):
            found[tag] = _values(file, layout, kind, entries[start + 4 : start + entry])
    offsets = found.get(STRIPS, ()) or found.get(TILES, ())
    lengths = found.get(STRIP_SIZES, ()) or found.get(TILE_SIZES, ())
    reach = max((offset + length for offset, length in zip(offsets, lengths, strict=False)), default=0)
    return reach, following


def _values(file: BinaryIO, layout: Layout, kind: int, rest: bytes) -> tuple[int, ...]:
    """The numbers of one entry, which lie in the entry itself where they fit."""
    half = len(rest) // 2
    count = min(layout.number(rest[:half]), MOST_STRIPS)
    need = count * SIZES[kind]
    data = rest[half:][:need]
    if need > half:
        file.seek(layout.number(rest[half:]))
        data = _exactly(file, need)
    return struct.unpack(f"{layout.order}{count}{LETTERS[kind]}", data)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise struct.error("the file ends here")
    return data
