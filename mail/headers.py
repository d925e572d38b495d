"""Read any header of any mail without ever failing (pure): RFC 5322 and 2047, and what people send instead."""

import base64
import binascii
import re
from email.message import Message

_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?[^?\s]+\?[bBqQ]\?)")
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]")
_CONTROL = re.compile(r"[\x01-\x1f\x7f\u2028\u2029]+")
LONGEST = 100_000


def raw_headers(message: Message) -> list[tuple[str, str]]:
    """Name in lower case and value as text, undecoded, in their order."""
    return [(name.lower(), _text(str(value))) for name, value in message.raw_items()]


def broken_head(raw: bytes) -> list[tuple[str, str]]:
    """The headers of a mail whose head the parser gave up on, line by line."""
    head = _text(raw[:64_000].decode("ascii", "surrogateescape"))
    found = re.findall(r"(?im)^(subject|from|message-id):[ \t]*(.*(?:\r?\n[ \t]+.*)*)", head)
    return [(name.lower(), value) for name, value in found]


def first(headers: list[tuple[str, str]], name: str) -> str:
    """The first header of this name, decoded, on one line; "" where there is none."""
    return next((decoded(value) for one, value in headers if one == name), "")


def every(headers: list[tuple[str, str]], name: str) -> str:
    """All headers of this name, undecoded, joined by spaces."""
    return " ".join(value for one, value in headers if one == name)


def decoded(value: str) -> str:
    """With encoded words read, and on one line. A word that its own charset cannot read stays as it came."""
    line = _FOLD.sub("", value[:LONGEST])
    joined = _BETWEEN.sub(r"\1\2", line)
    return _CONTROL.sub(" ", _words(joined).replace("\x00", "")).strip()


def _words(line: str) -> str:
    """Neighbours in the same charset are joined as bytes first: some mailers cut a letter in two."""
    out: list[str] = []
    pending: list[re.Match[str]] = []
    at = 0
    for word in _WORD.finditer(line):
        if pending and (word.start() != at or word[1].lower() != pending[-1][1].lower()):
            out.append(_read(pending))
            pending = []
        if word.start() != at:
            out.append(line[at : word.start()])
        pending.append(word)
        at = word.end()
    if pending:
        out.append(_read(pending))
    return "".join(out) + line[at:]


def _read(words: list[re.Match[str]]) -> str:
    original = "".join(word[0] for word in words)
    try:
        data = b"".join(_bytes(word[2], word[3]) for word in words)
        charset = words[0][1].partition("*")[0]  # RFC 2231 may add a language
        return _in_charset(data, readable_charset(charset))
    except (ValueError, binascii.Error):
        return original


def _in_charset(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset or "unknown")
    except LookupError:  # a charset nobody knows
        return data.decode("utf-8" if not data.isascii() else "ascii")


def _bytes(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
        return base64.b64decode(clean + "=" * (-len(clean) % 4))
    try:
        data = text.encode("latin-1")  # 8-bit letters in a word that should have none
    except UnicodeEncodeError:
        data = text.encode("utf-8", "replace")
    return binascii.a2b_qp(data.replace(b"_", b" "), header=True)


_KNOWN = {
    "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "x-sjis": "shift_jis",
    "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf8": "utf-8",
}


_NAME = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}")
_NO_CHARSETS = frozenset({"punycode", "idna"})  # for names of hosts; reading takes the square of the length


def readable_charset(name: str) -> str:
    """Python's name for a charset, "" for what is none or is not meant for texts."""
    clean = name.strip().strip("\"'").lower()
    known = _KNOWN.get(clean, clean)
    return known if _NAME.fullmatch(known) and known not in _NO_CHARSETS else ""


def _text(value: str) -> str:
    """8-bit bytes in a header, which the parser keeps as surrogates, read as UTF-8 or else Windows-1252."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    for charset in ("utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except ValueError:
            continue
    return data.decode("latin-1")
