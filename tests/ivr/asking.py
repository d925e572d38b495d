"""A caller who presses one key after another, webhook by webhook."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, fromstring

import requests

from ivr.models import Call
from tests.ivr.conftest import Line


@dataclass
class Caller:
    """Somebody on the line, and the last document they were told."""

    line: Line
    number: str = "+33639980001"
    sid: str = "CA1"
    document: Element = field(default_factory=lambda: Element("Response"))

    def ring(self) -> "Caller":
        return self.post("/ivr/voice")

    def key(self, digits: str) -> "Caller":
        """Answer the question that was asked."""
        gather = self.document.find("Gather")
        assert gather is not None, self.heard
        return self.post(gather.get("action", ""), Digits=digits)

    def silence(self) -> "Caller":
        """Press nothing."""
        onward = self.document.find("Redirect")
        return self.key("") if onward is None else self.post(onward.text or "")

    def keys(self, *digits: str) -> "Caller":
        for one in digits:
            self.key(one)
        return self

    def wait(self) -> "Caller":
        """Hear what is heard in the queue."""
        return self.post("/ivr/wait")

    def hang_up(self) -> None:
        """Their end is told."""
        self.tell("/ivr/status", CallStatus="completed")

    def tell(self, path: str, **more: str) -> None:
        """Something is told beside the call, to which nothing is answered."""
        assert self._told(path, **more).status_code == 204

    def post(self, path: str, **more: str) -> "Caller":
        answer = self._told(path, **more)
        assert answer.status_code == 200
        self.document = fromstring(answer.text)
        return self

    def _told(self, path: str, **more: str) -> requests.Response:
        ring = {"CallSid": self.sid, "From": self.number, "To": self.line.office.phone, "CallStatus": "in-progress"}
        return self.line.network.webhooks.post(path, {**ring, **more})

    @property
    def heard(self) -> str:
        return " ".join(one.text or "" for one in self.document.iter() if one.tag in ("Say", "Play"))

    @property
    def verbs(self) -> list[str]:
        return [one.tag for one in self.document]

    @property
    def call(self) -> Call:
        return Call.objects.select_related("ticket").get(sid=self.sid)

    def asked(self) -> str:
        """The node whose question was asked last."""
        gather = self.document.find("Gather")
        found = re.search(r"node=(\w+)", gather.get("action", "")) if gather is not None else None
        return found[1] if found else ""
