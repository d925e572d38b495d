"""From raw bytes to a ticket: accept durably first, read afterwards, lose nothing."""

import logging
import time
from datetime import timedelta
from functools import lru_cache

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from contactcenter import jobs, vault
from contactcenter.channel import File, Inbound, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.intake.sniff import judge
from contactcenter.intake.texts import title_of
from contactcenter.offices.models import Door
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.services import report
from contactcenter.rows import add
from contactcenter.vault import Kept
from mail.automatic import is_automatic, is_bounce
from mail.language import language_of
from mail.models import IncomingMail, MailState
from mail.parse import LONGEST_TEXT, Mail, parse
from mail.quoted import without_quotes
from mail.tree import DEEPEST, LONGEST_PARAMETERS, MOST_LINES, MOST_PARTS

log = logging.getLogger(__name__)

BATCH = 50
AT_ONCE = 2000  # mails a job takes before it lets others in
LEASE = timedelta(minutes=2)
REMEMBER_S = 30
TRIES_BEFORE_UNREAD = 3  # then a human reads it as it came


def office_for(address: str) -> int | None:
    """The office whose mailbox this is, or None."""
    door = Door.objects.at("mailbox", address.strip()).filter(closed_at=None).first()
    return door.office_id if door else None


def accept(raw: bytes, *, sender: str, office_id: int) -> IncomingMail:
    """Make a mail durable: its bytes in the vault, its row committed. Only then may the sender hear 250."""
    kept = vault.keep(raw)
    with transaction.atomic():
        mail = add(IncomingMail(raw_sha256=kept.sha256, size=kept.size, sender=sender[:320], office_id=office_id))
        jobs.ring(take_pending)
    return mail


def take_pending() -> int:
    """Job: make tickets of the mails that wait, in batches; returns how many. Run twice at once, each is taken once."""
    taken = 0
    while taken < AT_ONCE:
        batch = _claim()
        for mail in batch:
            _take(mail)
        taken += len(batch)
        if not batch:
            return taken
    jobs.ring(take_pending)
    return taken


@transaction.atomic
def _claim() -> list[IncomingMail]:
    """The next mails to take, each counted as tried. One that failed before is tried alone, for the others' sake."""
    now = timezone.now()
    due = IncomingMail.objects.filter(state=MailState.PENDING, due_at__lte=now).order_by("due_at", "id")
    waiting = list(due.select_for_update(skip_locked=True, no_key=True)[:BATCH])
    batch = [mail for mail in waiting if not mail.attempts] or waiting[:1]
    for mail in batch:
        mail.attempts += 1
    numbers = [mail.pk for mail in batch]
    IncomingMail.objects.filter(pk__in=numbers).update(due_at=now + LEASE, attempts=F("attempts") + 1)
    return batch


def _take(mail: IncomingMail) -> None:
    """One mail in a try of its own: what is wrong with it stops no other."""
    try:
        _taken(mail, unread=mail.attempts > TRIES_BEFORE_UNREAD)
    except Exception as error:
        log.exception("mail.not_taken", extra={"mail": mail.pk})
        again = timezone.now() + timedelta(seconds=5 * mail.attempts)
        IncomingMail.objects.filter(pk=mail.pk).update(problem=type(error).__name__, due_at=again)


@transaction.atomic
def _taken(mail: IncomingMail, *, unread: bool) -> None:
    raw = vault.read(mail.raw_sha256)
    inbound = _as_it_came(mail) if unread else _read(mail, raw)
    ticket = receive(inbound)
    still_ours = IncomingMail.objects.filter(pk=mail.pk, state=MailState.PENDING)
    if not still_ours.update(state=MailState.TAKEN, ticket=ticket):  # another worker was faster: ours never was
        transaction.set_rollback(True)


def _read(mail: IncomingMail, raw: bytes) -> Inbound:
    read = parse(raw)
    answered = _delivery(read.replies_to)
    bounced = _delivery(read.reported_ids) if is_bounce(read) else None
    if bounced:
        report(bounced.pk, "bounced", error="the mail came back")
    automatic = bool(bounced) or is_automatic(read, mail.sender, _ours())
    return Inbound(
        channel="email",
        external_id=_identity(read, mail, ours=bool(answered or bounced)),
        occurred_at=mail.received_at,
        office_id=mail.office_id,
        speaker=_speaker(read, mail.sender),
        subject=read.subject or (title_of(read.text) if read.cut else ""),
        text=_whole_or_told(without_quotes(read.text) if answered else read.text, read.cut),
        language=language_of(read.text),
        files=tuple(_file(one.name, one.content_type, one.data) for one in read.files),
        raw_sha256=mail.raw_sha256,
        replies_to=read.replies_to,
        ticket_id=bounced.ticket_id if bounced else None,
        needs="" if bounced else "message",
        receipt=not automatic,
    )


def _whole_or_told(text: str, cut: tuple[str, ...]) -> str:
    """The text; above it, where something was left out of what an agent sees, what that is."""
    if not cut:
        return text
    words = {
        "headers": _("what a header says beyond its first %(most)s characters") % {"most": LONGEST_PARAMETERS},
        "lines": _("what comes after %(most)s lines") % {"most": MOST_LINES},
        "parts": _("parts beyond the first %(most)s, or deeper than %(deepest)s within each other")
        % {"most": MOST_PARTS, "deepest": DEEPEST},
        "text": _("what the text says beyond its first %(most)s characters") % {"most": LONGEST_TEXT},
    }
    sentence = _("This e-mail is too large to be shown whole. Left out here: %(cut)s. The original is kept unchanged.")
    told = sentence % {"cut": "; ".join(words[one] for one in cut)}
    return f"[{told}]\n\n{text}"


def _identity(read: Mail, mail: IncomingMail, *, ours: bool) -> str:
    """What makes it the same mail again: an answer to us once, anything else once for each office it was sent to."""
    return read.identity if ours else f"{mail.office_id}:{read.identity}"


def _as_it_came(mail: IncomingMail) -> Inbound:
    """A mail that no attempt could read: a human gets it whole."""
    whole = File(
        name="mail.eml",
        content_type="message/rfc822",
        kept=Kept(sha256=mail.raw_sha256, size=mail.size),
        problem="unreadable",
    )
    return Inbound(
        channel="email",
        external_id=f"unread {mail.office_id}:{mail.raw_sha256}",
        occurred_at=mail.received_at,
        office_id=mail.office_id,
        speaker=Speaker(points=(Point(kind="email", value=mail.sender),)) if mail.sender else None,
        subject="",
        files=(whole,),
        raw_sha256=mail.raw_sha256,
        receipt=False,
    )


def _speaker(read: Mail, envelope_sender: str) -> Speaker | None:
    address = read.sender or envelope_sender
    if not address:
        return None
    return Speaker(name=read.sender_name, points=(Point(kind="email", value=address),))


def _file(name: str, content_type: str, data: bytes) -> File:
    found, problem = judge(data, name, content_type)
    return File(name=name, content_type=found, kept=vault.keep(data), problem=problem)


def _delivery(message_ids: tuple[str, ...]) -> Delivery | None:
    """What we sent under one of these Message-IDs."""
    if not message_ids:
        return None
    return Delivery.objects.filter(external_id__in=message_ids[:50]).exclude(external_id="").order_by("-id").first()


def _ours() -> frozenset[str]:
    """Our own addresses, read anew every half minute: each mail asks for them."""
    return _mailboxes(int(time.monotonic() // REMEMBER_S))


@lru_cache(maxsize=1)
def _mailboxes(_half_minute: int) -> frozenset[str]:
    return frozenset(Door.objects.filter(kind="mailbox").values_list("address", flat=True))
