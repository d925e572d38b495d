"""A whole running centre, and what a person or an agent can do to it from outside: nothing here imports the product."""

import json
import re
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.centre import ROOT, Centre, a_centre

TOKEN = "journeys-token"


def eventually(what: Callable[[], Any], seconds: float = 60) -> Any:
    """What this gives as soon as it gives anything; fails where it never does."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, f"this never came: {what}"
        time.sleep(0.2)
    return found


@dataclass(slots=True)
class Street:
    """The centre as those outside know it."""

    centre: Centre

    @property
    def url(self) -> str:
        return self.centre.url

    def api(self, method: str, path: str, **json_body: Any) -> Any:
        """One request as the service token; the decoded answer, None for 204."""
        answer = requests.request(
            method,
            f"{self.url}/api/v1{path}",
            json=json_body or None,
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=30,
        )
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def waiting(self, kind: str, subject: str = "", reference: str = "") -> dict[str, Any]:
        """The waiting work of this kind whose ticket has this subject or reference."""

        def found() -> dict[str, Any] | None:
            for item in self.api("GET", "/queue?limit=100")["items"]:
                wanted = item["kind"] == kind and (not reference or item["ticket"] == reference)
                if wanted and (not subject or subject in self.ticket(item["ticket"])["subject"]):
                    return dict(item)
            return None

        return dict(eventually(found))

    def ticket(self, reference: str) -> dict[str, Any]:
        """A ticket with everything on it."""
        return dict(self.api("GET", f"/tickets/{reference}"))

    def delivered(self, reference: str, purpose: str) -> dict[str, Any]:
        """The delivery of this purpose, once the next hop took it."""

        def found() -> dict[str, Any] | None:
            deliveries = self.ticket(reference)["deliveries"]
            return next(
                (one for one in deliveries if one["purpose"] == purpose and one["state"] in ("sent", "delivered")), None
            )

        return dict(eventually(found))

    def mail(self, subject: str, text: str, sender: str) -> None:
        """Somebody writes a mail."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "contact@demo.example", subject
        message["Message-ID"] = f"<{time.time_ns()}@example.org>"
        message.set_content(text)
        with smtplib.SMTP("127.0.0.1", int(self.centre.environment["CC_SMTP_PORT"]), timeout=20) as smtp:
            smtp.send_message(message)

    def mails_to(self, address: str) -> list[str]:
        """The pages of the demo mailbox that show mails to this address."""
        page = requests.get(f"{self.url}/demo/mailbox/", timeout=20).text
        rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
        links = [re.search(r'href="(/demo/mailbox/\d+/)"', row) for row in rows if address in row]
        return [requests.get(self.url + link[1], timeout=20).text for link in links if link]

    def form(self, procedure: str, **fields: str) -> tuple[str, str]:
        """Somebody fills in a form; the reference and the code that the confirmation shows."""
        session = requests.Session()
        page = session.get(f"{self.url}/request/{procedure}/", timeout=20).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        shown = session.post(f"{self.url}/request/{procedure}/", data={**hidden, **fields}, timeout=20)
        assert shown.status_code == 200, shown.text[:300]
        reference, code = (re.search(rf'data-{name}="(\d+)"', shown.text) for name in ("reference", "code"))
        assert reference
        assert code
        return reference[1], code[1]

    def drop(self, name: str, data: bytes) -> None:
        """Somebody scans a letter into the folder."""
        inbox = self.centre.data_dir / "paper-inbox"
        part = inbox / f"{name}.part"
        part.write_bytes(data)
        part.rename(inbox / name)

    def call(self, keys: str, number: str, seconds: int = 60, message: str = "") -> "Caller":
        """Somebody calls, in a terminal."""
        words = [
            ROOT / "run",
            "phone",
            "--from",
            number,
            "--keys",
            keys,
            "--seconds",
            str(seconds),
            "--message",
            message,
        ]
        output = self.centre.output.with_name(f"call-{time.time_ns()}")
        with output.open("wb") as out:
            process = subprocess.Popen(
                words, env=self.centre.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        return Caller(process, output)

    def login(self, role: str) -> tuple[str, str]:
        """The user and password that the start printed for this role."""
        line = next(line for line in self.centre.said() if line.startswith(f"login {role} "))
        _word, _role, user, password = line.split()
        return user, password

    def places(self) -> dict[str, str]:
        """Where the centre's servers are."""
        return dict(json.loads((self.centre.data_dir / "run" / "places.json").read_text()))


@dataclass(slots=True)
class Caller:
    """A person at a terminal telephone."""

    process: "subprocess.Popen[bytes]"
    output: Path

    def hears(self, words: str, seconds: float = 90) -> bool:
        """Whether this is heard or seen sooner or later."""
        return bool(eventually(lambda: words in self.output.read_text(), seconds))

    def hang_up(self) -> None:
        """Put the receiver down."""
        if self.process.poll() is None:
            self.process.send_signal(2)
            self.process.wait(20)


@pytest.fixture(scope="session")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with a_centre(tmp_path_factory.mktemp("centre"), CC_API_TOKEN=TOKEN) as centre:
        centre.start()
        yield Street(centre)


def a_letter(*lines: str) -> bytes:
    """A typed letter as a scanner would deliver it: one page, as an image in a PDF."""
    import io

    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("L", (1654, 2339), 250)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(38)
    for number, line in enumerate(lines):
        draw.text((180, 220 + 64 * number), line, fill=20, font=font)
    buffer = io.BytesIO()
    page.save(buffer, format="PDF", resolution=200)
    return buffer.getvalue()
