"""What a mail says (pure: bytes in, a dataclass out). No mail makes it raise: what cannot be read is left out.

The raw bytes are kept elsewhere, unchanged; everything here is for people to read.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parseaddr

from mail.headers import broken_head, decoded, every, first, raw_headers, readable_charset
from mail.html import LONGEST as LONGEST_PAGE
from mail.html import text_of
from mail.tree import DEEPEST, MOST_PARTS, Tree

LONGEST_TEXT = 999_000  # characters; with a sentence about what was cut it still fits
LONGEST_ID = 120  # with a digest and an office in front it still fits
LONGEST_ADDRESS = 2_000  # what reads addresses takes the square of their length
_ID = re.compile(r"<[^<>\s]{1,250}>")
_TRACE = re.compile(rb"^(?:received|return-path)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file in a mail."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail as it is read. `replies_to` are the Message-IDs it answers, the nearest first.

    `cut` names what is in the raw mail alone, being too much: `headers`, `lines`, `parts`, `text`.
    """

    identity: str
    message_id: str = ""
    subject: str = ""
    sender_name: str = ""
    sender: str = ""
    reply_to: str = ""
    to: str = ""
    text: str = ""
    replies_to: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = ""
    reported_ids: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


def parse(raw: bytes) -> Mail:
    """Read a mail."""
    tree = Tree(raw)
    message = tree.root
    headers = raw_headers(message)
    if not any(name == "subject" for name, _value in headers):
        headers += broken_head(raw)
    message_id = _message_id(headers)
    text, files = _contents(message, tree.cut)
    name, sender = _address(first(headers, "from"))
    return Mail(
        identity=identity_of(raw, message_id),
        message_id=message_id,
        subject=first(headers, "subject"),
        sender_name=name,
        sender=sender,
        reply_to=_address(first(headers, "reply-to"))[1],
        to=first(headers, "to"),
        text=text,
        replies_to=_answered(headers),
        files=files,
        headers=headers,
        content_type=message.get_content_type(),
        reported_ids=_reported(message),
        cut=tuple(sorted(tree.cut)),
    )


def identity_of(raw: bytes, message_id: str) -> str:
    """What makes a mail the same mail: its Message-ID with the SHA-256 of its bytes without the fields that each
    delivery adds (Received, Return-Path); without a Message-ID, the SHA-256 of all bytes."""
    if not message_id:
        return hashlib.sha256(raw).hexdigest()
    end = _HEAD_END.search(raw)
    cut = end.start() + 1 if end else len(raw)
    head = raw[:cut] if raw[:cut].endswith(b"\n") else raw[:cut] + b"\n"
    digest = hashlib.sha256(_TRACE.sub(b"", head) + raw[cut:]).hexdigest()
    return f"{message_id} {digest}" if len(message_id) <= LONGEST_ID else digest


def _message_id(headers: list[tuple[str, str]]) -> str:
    value = first(headers, "message-id")
    found = _ID.search(value)
    return found.group() if found else ("".join(value.split())[:LONGEST_ID] if value else "")


def _answered(headers: list[tuple[str, str]]) -> tuple[str, ...]:
    nearest = _ID.findall(every(headers, "in-reply-to"))
    thread = _ID.findall(every(headers, "references"))[-50:]
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))


def _address(value: str) -> tuple[str, str]:
    value = value[:LONGEST_ADDRESS]
    try:
        name, address = parseaddr(value)
    except Exception:  # addresses are where parsers break most
        return "", ""
    if "@" not in address:
        found = re.search(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+", value)
        address = found.group() if found else ""
    return decoded(name), address.strip().lower()


def _contents(message: Message, cut: set[str]) -> tuple[str, tuple[Enclosure, ...]]:
    plain: list[str] = []
    pages: list[str] = []
    files: list[Enclosure] = []
    for part in _leaves(message):
        kind = part.get_content_type()
        name = _filename(part)
        enclosed = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not enclosed:
            plain.append(_text(part))
        elif kind == "text/html" and not enclosed:
            pages.append(_text(part))
        elif kind.startswith("multipart/") and not plain:  # a multipart without parts is a text
            plain.append(_text(part))
        else:
            files.append(Enclosure(name=name or _unnamed(kind), content_type=kind, data=_data(part)))
    body = "\n\n".join(text for text in plain if text.strip()) or _said("\n\n".join(pages), cut)
    body = body.replace("\r\n", "\n").strip()
    if len(body) > LONGEST_TEXT:
        cut.add("text")
    return body[:LONGEST_TEXT], tuple(files)


def _said(page: str, cut: set[str]) -> str:
    if len(page) > LONGEST_PAGE:
        cut.add("text")
    return text_of(page)


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; an enclosed mail is one part."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() == "multipart" and depth < DEEPEST:
            waiting.extend((one, depth + 1) for one in reversed(inner) if isinstance(one, Message))
        else:
            yield part


def _filename(part: Message) -> str:
    try:
        name = part.get_filename()
    except Exception:  # RFC 2231 continuations of every shape
        return ""
    return decoded(str(name)) if name else ""


def _unnamed(kind: str) -> str:
    return {"message/rfc822": "message.eml", "message/delivery-status": "delivery-status.txt"}.get(kind, "file")


def _data(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"\n".join(_serialised(one) for one in inner if isinstance(one, Message))
    try:
        data = part.get_payload(decode=True)
    except Exception:  # broken transfer encodings
        data = None
    if isinstance(data, bytes):
        return data
    return str(inner or "").encode("utf-8", "surrogateescape")


def _serialised(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except Exception:  # a mail inside a mail that cannot be written again; the raw mail still holds it
        return "\n".join(f"{name}: {value}" for name, value in raw_headers(message)).encode("utf-8", "replace")


def _text(part: Message) -> str:
    data = _data(part)
    try:
        charset = str(part.get_content_charset() or "")
    except Exception:  # a charset parameter that is no parameter
        charset = ""
    for candidate in (readable_charset(charset), "utf-8", "cp1252"):
        try:
            return data.decode(candidate).replace("\x00", "") if candidate else _next_charset()
        except (LookupError, ValueError):
            continue
    return _loose(data)


def _next_charset() -> str:
    raise LookupError


def _loose(data: bytes) -> str:
    return data.decode("latin-1").replace("\x00", "")[:LONGEST_TEXT]


def _reported(message: Message) -> tuple[str, ...]:
    """The Message-IDs that a delivery report is about."""
    if message.get_content_type() != "multipart/report":
        return ()
    found: list[str] = []
    for part in _leaves(message):
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            text = _data(part)[:100_000].decode("latin-1")
            found += re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", text)
    return tuple(dict.fromkeys(found))
