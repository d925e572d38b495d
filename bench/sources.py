"""What people send while we measure: endless, each one different, all of it invented."""

import base64
import hashlib
import hmac
import itertools
import json
import re
import secrets
import struct
import zlib
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.load import get, hammer, post

FORM = "application/x-www-form-urlencoded"
LINE = "Mon titre arrive à échéance et je n'obtiens pas de rendez-vous sur le site, merci de me dire quoi faire. "
_HIDDEN = re.compile(rb"<input[^>]*type=\"hidden\"[^>]*>")
_NAME, _VALUE = re.compile(rb'name="([^"]*)"'), re.compile(rb'value="([^"]*)"')


def tickets(token: str, mark: str) -> Iterator[bytes]:
    """Tickets opened through the API."""
    for number in itertools.count():
        point = {"kind": "email", "value": f"{mark}-{number}@example.org"}
        body = {
            "channel": "email",
            "person": {"name": f"Ana Exemple {number}", "contact_points": [point]},
            "subject": "Titre bientôt expiré",
            "text": LINE * 5,
        }
        yield post("/api/v1/tickets", json.dumps(body).encode(), "application/json", f"Authorization: Bearer {token}")


def calls(base: str, secret: str, mark: str) -> Iterator[bytes]:
    """Incoming calls, signed as the provider signs them."""
    for number in itertools.count():
        fields = {
            "AccountSid": "ACdemo",
            "CallSid": f"CA{hashlib.md5(f'{mark}{number}'.encode()).hexdigest()}",
            "From": f"+3363998{(hash(mark) + number) % 5000:04d}",
            "To": "+33199000000",
            "Direction": "inbound",
            "CallStatus": "ringing",
        }
        signed = f"{base}/ivr/voice" + "".join(name + fields[name] for name in sorted(fields))
        digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()
        yield post(
            "/ivr/voice", urlencode(fields).encode(), FORM, f"X-Twilio-Signature: {base64.b64encode(digest).decode()}"
        )


KEYED = (("language", "1"), ("topic", "1"), ("way", "1"))
OF_A_CALL = len(KEYED) + 4  # requests


def whole_calls(base: str, secret: str, mark: str) -> Iterator[bytes]:
    """Calls from the ring to the end, one after the other: three keys, a while in the queue, and gone."""
    for number in itertools.count():
        ring = {
            "AccountSid": "ACdemo",
            "CallSid": f"CA{hashlib.md5(f'{mark}{number}'.encode()).hexdigest()}",
            "From": f"+3363998{(hash(mark) + number) % 5000:04d}",
            "To": "+33199000000",
            "Direction": "inbound",
            "CallStatus": "ringing",
        }
        talks = ring | {"CallStatus": "in-progress"}
        yield webhook(base, secret, "/ivr/voice", ring)
        for node, key in KEYED:
            yield webhook(base, secret, f"/ivr/menu?node={node}&tries=0", talks | {"Digits": key})
        yield webhook(base, secret, "/ivr/wait", talks | {"QueuePosition": "1"})
        yield webhook(base, secret, "/ivr/queued", talks | {"QueueResult": "hangup", "CallStatus": "completed"})
        yield webhook(base, secret, "/ivr/status", talks | {"CallStatus": "completed", "SequenceNumber": "0"})


def webhook(base: str, secret: str, path: str, fields: dict[str, str]) -> bytes:
    """One request as the provider makes it."""
    signed = f"{base}{path}" + "".join(name + fields[name] for name in sorted(fields))
    digest = base64.b64encode(hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    token = f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}"
    return post(path, urlencode(fields).encode(), FORM, f"X-Twilio-Signature: {digest}", token)


def forms(port: int, token: str, count: int) -> list[bytes]:
    """Filled-in forms: each page was fetched before the measurement, since its one-time token is good once."""
    asked_for = get("/api/v1/procedures?limit=1", f"Authorization: Bearer {token}")
    procedures = json.loads(hammer(port, [iter([asked_for])], 0.0, keep=True).bodies[0])
    path = f"/request/{procedures['items'][0]['code']}/"
    first = hammer(port, [iter([get(path)])], 0.0, keep=True)
    cookie = "; ".join(first.cookies)
    asked = (get(path, f"Cookie: {cookie}") for _ in range(count))
    pages = hammer(port, [asked], 60.0, keep=True).bodies
    return [_filled(path, page, number, cookie) for number, page in enumerate(pages)]


def _filled(path: str, page: bytes, number: int, cookie: str) -> bytes:
    fields = {"name": f"Ana Exemple {number}", "email": f"form-{number}@example.org", "text": LINE * 5}
    for tag in _HIDDEN.findall(page):
        if named := _NAME.search(tag):
            value = _VALUE.search(tag)
            fields[named[1].decode()] = value[1].decode() if value else ""
    edge = secrets.token_hex(8)
    parts = (f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields)
    body = "".join([*parts, f"--{edge}--\r\n"]).encode()
    return post(path, body, f"multipart/form-data; boundary={edge}", f"Cookie: {cookie}")


def mails(count: int) -> list[bytes]:
    """E-mails as they come: most are text, one in five has a page of HTML, one in ten a document of 30 KB."""
    return [_mail(number) for number in range(count)]


def _mail(number: int) -> bytes:
    edge = secrets.token_hex(12)
    parts = [_part("text/plain", LINE * 20, edge)]
    if number % 5 == 0:
        parts.append(_part("text/html", f"<html><body>{'<p>' + LINE + '</p>' * 60}</body></html>", edge))
    if number % 10 == 3:
        document = base64.encodebytes(secrets.token_bytes(30_000)).decode().replace("\n", "\r\n")
        head = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        name = f'Content-Disposition: attachment; filename="justificatif-{number}.bin"\r\n\r\n'
        parts.append(f"--{edge}\r\n{head}{name}{document}\r\n")
    head = (
        f"From: Ana Exemple <mail-{number}@example.org>\r\nTo: contact@demo.example\r\n"
        f"Subject: Demande {number}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
        f"Message-ID: <{secrets.token_hex(12)}@example.org>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{edge}"\r\n\r\n'
    )
    return (head + "".join(parts) + f"--{edge}--\r\n").encode()


def _part(kind: str, text: str, edge: str) -> str:
    return f"--{edge}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"


def scans(count: int) -> list[bytes]:
    """Scanned pages: grey images of 1 megapixel, each different."""
    return [_image(1000, 1000, number) for number in range(count)]


def _image(width: int, height: int, number: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\x00" + bytes((x + number) % 251 for x in range(width))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"tEXt", f"number\x00{number} {secrets.token_hex(8)}".encode())
        + chunk(b"IDAT", zlib.compress(row * height, 1))
        + chunk(b"IEND", b"")
    )
