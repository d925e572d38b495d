"""An SMTP sink: it takes every mail the demo sends, for people to look at."""

import asyncio
import email
import logging
from email import policy

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from contactcenter import vault
from contactcenter.demo.models import DemoMail

log = logging.getLogger(__name__)


class Sink:
    """Takes whatever comes."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the mail once for each recipient."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        for to in envelope.rcpt_tos:
            await asyncio.to_thread(keep, raw, (envelope.mail_from or "").strip("<>"), to)
        return "250 Kept in the demo mailbox"

    async def handle_exception(self, error: Exception) -> str:
        """A database that is away for a moment is no reason to give a mail up for good."""
        log.error("mailbox.refused_for_now", exc_info=error)
        return "451 4.3.0 Not now: please try again later"


def keep(raw: bytes, sender: str, to: str) -> DemoMail:
    """One mail of ours, read for the page that shows it."""
    close_old_connections()
    message = email.message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = body.get_content() if body is not None else ""
    subject = str(message["subject"] or "")[:300]
    kept = vault.keep(raw)
    return DemoMail.objects.create(to=to[:320], sender=sender[:320], subject=subject, text=text, raw_sha256=kept.sha256)


async def serve(host: str, port: int) -> asyncio.Server:
    """Listen; the caller closes it."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(Sink(), hostname="demo-mailbox", ident="demo", loop=loop), host, port)
