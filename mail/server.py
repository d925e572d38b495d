"""Our SMTP listener: it says 250 once a mail is durable, 451 when it cannot be, and never loses one it accepted."""

import asyncio
import logging
import time
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from mail.services import accept, office_for

log = logging.getLogger(__name__)

LARGEST = 35 * 1024 * 1024  # bytes, announced as SIZE
REMEMBER = 30.0  # seconds that a recipient is known for


class Listener(SMTP):
    """SMTP with lines as long as real mails have them."""

    line_length_limit = 1_000_000


class Handler:
    """What each command means to us."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, int | None]] = {}

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mail for our own mailboxes, and no other: we relay nothing."""
        if await self._office(address) is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the bytes as they came, one delivery for each office they are for."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        offices = {office for address in envelope.rcpt_tos if (office := await self._office(address)) is not None}
        for office in sorted(offices):
            await asyncio.to_thread(_accept, raw, (envelope.mail_from or "").strip("<>"), office)
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong on our side: the sender keeps the mail and tries again."""
        log.error("smtp.refused_for_now", exc_info=error)
        return "451 4.3.0 Not now: please try again later"

    async def _office(self, address: str) -> int | None:
        known = self._known.get(address.lower())
        if known is None or time.monotonic() - known[0] > REMEMBER:
            known = (time.monotonic(), await asyncio.to_thread(_office, address))
            self._known = {**dict(list(self._known.items())[-500:]), address.lower(): known}
        return known[1]


def _office(address: str) -> int | None:
    close_old_connections()
    return office_for(address)


def _accept(raw: bytes, sender: str, office_id: int) -> None:
    close_old_connections()
    accept(raw, sender=sender, office_id=office_id)


async def serve(host: str, port: int) -> asyncio.Server:
    """Listen; the caller closes it."""
    loop = asyncio.get_running_loop()
    handler = Handler()

    def connection() -> Any:
        return Listener(
            handler, data_size_limit=LARGEST, hostname="contactcenter", ident="ready", loop=loop, timeout=300
        )

    return await loop.create_server(connection, host, port)
