"""From document to document: fetch, read, do the verbs, and fall back where the application fails."""

from typing import TYPE_CHECKING

import requests

from ivr.simulator import documents
from ivr.simulator.documents import Asked, Document, RefusedError
from ivr.simulator.interruptions import HungUp
from ivr.simulator.verbs import VERBS

if TYPE_CHECKING:
    from ivr.simulator.calls import SimulatedCall

MOST_DOCUMENTS = 200
WHILE_WAITING = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
WHILE_HELD = frozenset({"Play", "Say", "Pause", "Redirect"})
WHISPERED = frozenset({"Play", "Say", "Pause", "Redirect", "Gather", "Hangup", "Record"})
GOODBYE = "We are sorry, an application error has occurred. Goodbye."


def read(
    leg: "SimulatedCall",
    first: Asked,
    allowed: frozenset[str] | None = None,
    mark: str = "",
    *,
    most: int = MOST_DOCUMENTS,
) -> None:
    """Do a document and those it leads to, until the verbs run out."""
    following: Asked | None = first
    for _ in range(most):
        if following is None:
            return
        document = _fetch(leg, following)
        following = _do(leg, document, allowed, mark)
    leg.errors.append("too many documents")
    raise HungUp


def _fetch(leg: "SimulatedCall", asked: Asked) -> Document:
    try:
        return _read(leg, asked)
    except RefusedError as refused:
        leg.errors.append(str(refused))
        if leg.fallback_url:
            return _fall_back(leg, asked, refused)
    leg.hear(GOODBYE, "en-US")
    raise HungUp


def _fall_back(leg: "SimulatedCall", asked: Asked, refused: RefusedError) -> Document:
    """The fallback address gets what the other got, and why it is asked; it is asked once."""
    why = {"ErrorCode": str(refused.code), "ErrorUrl": asked.url}
    try:
        return _read(leg, Asked(leg.fallback_url, "POST", {**asked.params, **why}))
    except RefusedError as again:
        leg.errors.append(str(again))
    leg.hear(GOODBYE, "en-US")
    raise HungUp


def _read(leg: "SimulatedCall", asked: Asked) -> Document:
    if asked.twiml:
        return documents.parse(asked.twiml.encode(), leg.network.webhooks.base_url + "/")
    webhooks = leg.network.webhooks
    params = leg.params(asked.params)
    token = leg.network.token()
    try:
        for _ in range(leg.network.faults.repeat_requests):
            answer = webhooks.ask(asked.method, asked.url, params, token=token, session=leg.session)
    except requests.Timeout as error:
        raise RefusedError(11205, "no answer in time") from error
    except requests.RequestException as error:
        raise RefusedError(11200, type(error).__name__) from error
    return documents.read(answer)


def _do(leg: "SimulatedCall", document: Document, allowed: frozenset[str] | None, mark: str) -> Asked | None:
    """Do the verbs in order; where one leads to another document, that one."""
    leg.errors += document.warnings
    for verb in document.verbs:
        leg.trail.append(mark + verb.tag)
        if verb.tag not in VERBS or (allowed is not None and verb.tag not in allowed):
            leg.errors.append(f"12200 {verb.tag} has no place here")
            continue
        if verb.tag != "Reject":
            leg.answered()
        following = VERBS[verb.tag](leg, verb)
        if following:
            here = document.url  # where a verb names no address, it is the document's own
            return Asked(following.url or here, following.method, following.params)
    return None
