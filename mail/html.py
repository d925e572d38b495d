"""The text of an HTML mail (pure). HTML from outside is never shown, only what it says.

Python's own parser and those that build a tree take hours over small mails made to be slow (tags within tags, tags that
never end). Here each character is looked at a bounded number of times, whatever is written.
"""

import re
from html import unescape

_HIDDEN = frozenset({"script", "style", "title", "template", "noscript"})
_BREAKS = frozenset(
    {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "ul", "ol", "hr"}
)
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>]|$)")
_TO_ITS_END = re.compile(r"""[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")  # a quoted value may hold a `>`
LONGEST = 2_000_000


def text_of(html: str) -> str:
    """What the page says, paragraph by paragraph."""
    lines = (" ".join(line.split()) for line in "".join(_parts(html[:LONGEST])).splitlines())
    return _few_blank_lines(list(lines))


def _parts(html: str) -> list[str]:
    """The text between the tags; each `<` begins a tag, a comment, or is itself a text."""
    text, *pieces = html.split("<")
    parts = [_plain(text)]
    hidden, in_comment = "", False
    for piece in pieces:
        if in_comment or piece.startswith("!--"):
            _comment, end, text = piece.partition("-->")
            in_comment = not end
            parts.append("" if hidden else _plain(text))
            continue
        name = _name(piece)
        if hidden:
            if piece.startswith("/") and name == hidden:
                hidden = ""
                parts.append(_plain(_after_tag(piece)))
        elif name in _HIDDEN and not piece.startswith("/"):
            hidden = name
        elif name or piece[:1] in ("!", "?", "/"):
            parts += ["\n" if name in _BREAKS else "", _plain(_after_tag(piece))]
        else:
            parts.append(_plain("<" + piece))
    return parts


def _name(piece: str) -> str:
    found = _NAME.match(piece)
    return found[1].lower() if found else ""


def _after_tag(piece: str) -> str:
    end = _TO_ITS_END.match(piece)
    return piece[end.end() :] if end else piece.partition(">")[2]


def _plain(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # a character numbered with thousands of digits
        return text


def _few_blank_lines(lines: list[str]) -> str:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
