"""An answer of the application, read as strictly as the provider reads it."""

from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, fromstring

import requests

from ivr.simulator import grammar

LARGEST = 64 * 1024
ADDRESSES = frozenset({"action", "url", "waitUrl", "statusCallback", "recordingStatusCallback"})
XML = frozenset({"text/xml", "application/xml"})


class RefusedError(Exception):
    """The provider cannot use this answer; `code` is its own number for that."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to fetch, or one that was handed over whole."""

    url: str = ""
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs of an answer, its address, and what was warned of."""

    verbs: list[Element]
    url: str
    warnings: list[str]


def read(answer: requests.Response) -> Document:
    """The document in this answer."""
    if not 200 <= answer.status_code < 300:
        raise RefusedError(11200, f"HTTP {answer.status_code} {answer.url}")
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in XML:
        raise RefusedError(12300, f"the content type is {kind or 'missing'}")
    return parse(answer.content, answer.url)


def parse(written: bytes, url: str) -> Document:
    """The document that is written here."""
    if len(written) > LARGEST:
        raise RefusedError(11750, "the document is larger than 64 kB")
    try:
        root = fromstring(written)
    except (ParseError, ValueError) as error:
        raise RefusedError(12100, "the document is not XML") from error
    if root.tag != "Response":
        raise RefusedError(12100, "the document has no Response")
    found = grammar.warnings(root)
    _resolve(root, url)
    return Document(list(root), url, found)


def _resolve(root: Element, here: str) -> None:
    """Relative addresses are read against the address of their document."""
    for verb in root.iter():
        for name in ADDRESSES & verb.attrib.keys():
            verb.set(name, urljoin(here, verb.get(name, "")))
        if verb.tag == "Redirect":
            verb.text = urljoin(here, (verb.text or "").strip())
