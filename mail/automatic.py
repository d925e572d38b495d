"""Which mails are automatic and get no answer from us (pure): RFC 3834, and the habits of mailers before it."""

import re

from mail.headers import first
from mail.parse import Mail

_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|ne-?pas-?repondre|bounces?|listserv|majordomo)\b|[-+.]bounces?[-+.@]",
    re.IGNORECASE,
)
_PRESENT = (
    "x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponder", "x-loop", "feedback-id",
    "list-id", "list-unsubscribe", "list-post", "list-help", "x-failed-recipients", "x-mailer-daemon",
)  # fmt: skip
_BULK = frozenset({"bulk", "list", "junk", "auto_reply", "auto-reply"})
_REPORTS = frozenset(
    {"multipart/report", "message/delivery-status", "message/disposition-notification", "message/feedback-report"}
)


def is_automatic(mail: Mail, envelope_sender: str, our_addresses: frozenset[str] = frozenset()) -> bool:
    """Whether a program wrote it, so that our receipt would start or feed a loop."""
    names = {name for name, _value in mail.headers}
    submitted = first(mail.headers, "auto-submitted").partition(";")[0].strip().lower()
    return (
        not envelope_sender
        or submitted not in ("", "no")
        or first(mail.headers, "precedence").lower() in _BULK
        or first(mail.headers, "return-path").strip() == "<>"
        or any(name in names for name in _PRESENT)
        or mail.content_type in _REPORTS
        or bool(_ROBOT.search(mail.sender) or _ROBOT.search(envelope_sender))
        or mail.sender in our_addresses
    )


def is_bounce(mail: Mail) -> bool:
    """Whether it reports that something we sent did not arrive."""
    return bool(mail.reported_ids) and "disposition-notification" not in first(mail.headers, "content-type").lower()
