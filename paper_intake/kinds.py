"""What a file is and whether it has arrived whole, from its bytes alone (pure, cheap, never decodes anything).

The name and its extension are not believed. Nothing here judges whether a file can be opened; `press` does.
"""

import re
from pathlib import Path

from paper_intake import tiff

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"
WEBP, GIF, UNKNOWN = "image/webp", "image/gif", "application/octet-stream"
IMAGES = frozenset({TIFF, JPEG, PNG, WEBP, GIF})

HEAD = 1024
TAIL = 4096


def content_type(head: bytes) -> str:
    """The type that the first bytes declare; UNKNOWN where they declare none that we read."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] in tiff.MAGIC:
        return TIFF
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return PDF if b"%PDF-" in head else UNKNOWN


def of(path: Path) -> str:
    """The type of a file."""
    with path.open("rb") as file:
        return content_type(file.read(HEAD))


def is_whole(path: Path) -> bool:
    """Whether the file has its end. An unknown type has no end that we could miss."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(max(0, size - TAIL))
        tail = file.read(TAIL)
        match content_type(head):
            case "application/pdf":
                return _pdf_is_whole(head, tail, size)
            case "image/jpeg":
                return b"\xff\xd9" in tail
            case "image/png":
                return b"IEND" in tail
            case "image/webp":
                return size >= int.from_bytes(head[4:8], "little") + 8
            case "image/tiff":
                return tiff.is_whole(file, size)
    return True


def _pdf_is_whole(head: bytes, tail: bytes, size: int) -> bool:
    """`%%EOF` near the end, and, where the file declares its own length for the web, all of it."""
    declared = re.search(rb"/Linearized\b.*?/L\s+(\d+)", head, re.DOTALL)
    return b"%%EOF" in tail and (declared is None or size >= int(declared[1]))
