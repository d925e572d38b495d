"""What a file is by its bytes, and whether it can be opened (pure). Whatever is wrong with it, it is kept."""

import io
import mimetypes
import zlib

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/msword"),
    (b"{\\rtf", "application/rtf"),
)
_OFFICE = ("application/vnd.", "application/epub")
_ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9"}
PDF_LIMIT = 30_000_000  # larger ones are not opened here


def judge(data: bytes, name: str = "", declared: str = "") -> tuple[str, str]:
    """The content type and the problem: "" or `empty`, `encrypted`, `corrupt`."""
    if not data:
        return _by_name(name, declared), "empty"
    found = _by_magic(data)
    if found == "application/pdf":
        return found, _judge_pdf(data)
    end = _ENDS.get(found)
    if end and end not in data[-64_000:]:
        return found, "corrupt"
    named = _by_name(name, declared)
    if found == "application/zip" and named.startswith(_OFFICE):
        return named, ""
    if named == "application/pdf":
        return "application/octet-stream", "corrupt"
    return (found or _unmagical(data, named)), ""


def _by_magic(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")


def _by_name(name: str, declared: str) -> str:
    return mimetypes.guess_type(name)[0] or declared.partition(";")[0].strip().lower() or "application/octet-stream"


def _unmagical(data: bytes, named: str) -> str:
    """Something without a mark: never an image or a script by its name alone."""
    if named.startswith(("text/", "message/")) and b"\x00" not in data[:4096]:
        return "text/plain" if named in ("text/html", "text/xml") else named
    return (
        named
        if named.startswith(("audio/", "video/", "application/")) and "script" not in named
        else "application/octet-stream"
    )


def _judge_pdf(data: bytes) -> str:
    import pikepdf  # where it is first needed: most processes never open a PDF

    if len(data) > PDF_LIMIT:
        return ""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return "" if len(document.pages) else "corrupt"
    except pikepdf.PasswordError:
        return "encrypted"
    except (pikepdf.PdfError, ValueError, RuntimeError, zlib.error):
        return "corrupt"
