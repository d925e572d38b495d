"""A mail of ours, as bytes that no text can break out of (pure)."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from contactcenter.channel import Outbound

_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def compose(outbound: Outbound, *, sender: str, sender_name: str, files: list[tuple[str, str, bytes]]) -> bytes:
    """The mail for this delivery. Receipts and notices say that they are automatic (RFC 3834)."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    local, _at, domain = sender.rpartition("@")
    message["From"] = Address(display_name=_line(sender_name), username=local, domain=domain)
    message["To"] = Address(addr_spec=outbound.to)
    message["Subject"] = _line(outbound.subject) or outbound.reference
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = outbound.message_id
    if outbound.in_reply_to:
        message["In-Reply-To"] = outbound.in_reply_to
        message["References"] = outbound.in_reply_to
    if outbound.purpose != "reply":
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "All"
    if outbound.language:
        message["Content-Language"] = outbound.language
    message.set_content(outbound.text, charset="utf-8", cte="quoted-printable")
    for name, content_type, data in files:
        main, _slash, sub = content_type.partition("/")
        message.add_attachment(
            data, maintype=main or "application", subtype=sub or "octet-stream", filename=_line(name)
        )
    return message.as_bytes()


def _line(text: str) -> str:
    return _BREAK.sub(" ", text).strip()[:300]
