"""What a receipt says, per means and language; the same sentences on page, mail, letter and PDF."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import segno
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contactcenter import pdf as typeset
from contactcenter.people.points import spoken
from contactcenter.receipts.models import Receipt
from contactcenter.tickets.reference import spaced

WHOLE = 4000  # characters of the request that are read back


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A receipt as people read it. `enclosed`: name, size in bytes, start of the SHA-256 and problem of each file."""

    reference: str
    code: str
    follow_code: str
    received: str
    service: str
    service_lines: list[str]
    nature: str
    due: str
    law: list[str] = field(default_factory=list)
    understood: str = ""
    enclosed: list[dict[str, Any]] = field(default_factory=list)
    follow: list[str] = field(default_factory=list)
    verify_url: str = ""


def text(receipt: Receipt, means: str) -> tuple[str, str]:
    """Subject and body for this means. A text message carries the reference and no personal matter."""
    with translation.override(receipt.language):
        if means == "sms":
            return "", _sms(receipt)
        shown = page(receipt, enclosed=False)
        lines = [
            _("Your request is registered."),
            "",
            _("Number: %(number)s") % {"number": shown.reference},
            _("Personal code: %(code)s") % {"code": shown.follow_code},
            "",
            shown.received,
            *shown.service_lines,
            "",
            shown.nature,
            *shown.law,
            shown.due,
            "",
            *_unopened(receipt),
            *shown.follow,
            "",
            _("Receipt %(code)s, to be checked at %(url)s") % {"code": shown.code, "url": shown.verify_url},
        ]
        return _("Your request %(number)s is registered") % {"number": shown.reference}, "\n".join(lines)


def page(receipt: Receipt, *, enclosed: bool = True) -> Page:
    """What the confirmation page, the letter and the PDF show, in the language that is active."""
    ticket, facts = receipt.ticket, receipt.content
    said = receipt.interaction
    return Page(
        reference=spaced(ticket.reference),
        code=_grouped(receipt.code, 4),
        follow_code=_grouped(ticket.follow_code, 3),
        received=_("Received on %(date)s, %(way)s.")
        % {"date": moment(datetime.fromisoformat(facts["received_on"])), "way": _way(facts["channel"])},
        service=facts["service_name"],
        service_lines=_service(facts),
        nature=_nature(receipt.legal_nature),
        law=_law(facts),
        due=_due(receipt),
        understood=said.text.strip()[:WHOLE],
        enclosed=_enclosed(receipt) if enclosed else [],
        follow=_follow(facts, ticket.reference),
        verify_url=f"{settings.CC_PUBLIC_BASE_URL}/verify/{receipt.code}/",
    )


def pdf(receipt: Receipt) -> bytes:
    """The receipt on paper, with a code to verify it."""
    with translation.override(receipt.language):
        shown = page(receipt)
        labels = {
            "title": _("Your request is registered."),
            "number": _("Number"),
            "follow_code": _("Personal code"),
            "understood": _("What we understood"),
            "enclosed": _("What you enclosed"),
            "fingerprint": _("fingerprint"),
            "follow": _("To follow it"),
            "receipt": _("Receipt"),
            "problem": _("we could not open it; a person will look at it"),
        }
        facts = {name: getattr(shown, name) for name in Page.__slots__}
        facts["enclosed"] = [{**one, "size": filesizeformat(one["size"])} for one in shown.enclosed]
        square = segno.make(shown.verify_url, error="m").svg_inline(border=0)
        return typeset.render("receipt", {**facts, "labels": labels, "qr": square, "language": receipt.language})


def _sms(receipt: Receipt) -> str:
    facts = {"number": spaced(receipt.ticket.reference), "phone": spoken(receipt.content["service_phone"])}
    return (
        _("Your request is registered under number %(number)s. A person will answer you. Questions: %(phone)s") % facts
    )


def _due(receipt: Receipt) -> str:
    """The promise as it was; one that had passed when the receipt was given is no promise any more."""
    due_on = receipt.content.get("due_on") or timezone.localtime(receipt.ticket.due_at).isoformat()
    if datetime.fromisoformat(due_on) <= receipt.issued_at:
        return _("A person will answer you.")
    return _("A person answers you by %(date)s.") % {"date": moment(datetime.fromisoformat(due_on))}


def moment(local: datetime) -> str:
    """Day and time as a clock showed them."""
    facts = {"day": day_of(local), "hour": local.hour, "minute": local.minute}
    return _("%(day)s at %(hour)d:%(minute)02d") % facts


def day_of(day: date) -> str:
    number = pgettext("the first day of a month", "1") if day.day == 1 else str(day.day)
    return f"{number} {formats.date_format(day, 'F Y')}"


def _way(channel: str) -> str:
    ways = {
        "phone": _("by telephone"),
        "email": _("by e-mail"),
        "web": _("online"),
        "paper": _("by post"),
    }
    return ways.get(channel, channel)


def _service(facts: dict[str, Any]) -> list[str]:
    contact = " · ".join(part for part in (spoken(facts["service_phone"]), facts["service_email"]) if part)
    return [facts["service_name"], _on_one_line(facts["service_address"]), contact]


def _on_one_line(address: str) -> str:
    return ", ".join(line.strip() for line in address.splitlines() if line.strip())


def _nature(nature: str) -> str:
    sentences = {
        "information": _("This is a request for information."),
        "assistance": _("This is a request for help. It is not yet an application for a residence permit."),
        "declaration": _("This is a declaration."),
        "application": _("This is an application."),
        "complaint": _("This is a complaint."),
        "appeal": _("This is an appeal."),
    }
    return sentences[nature]


def _law(facts: dict[str, Any]) -> list[str]:
    """What silence means and what one can do then (CRPA R112-5, R112-11-1)."""
    if not facts.get("silence_effect"):
        return []
    day = {"date": day_of(date.fromisoformat(facts["silence_on"]))}
    reserve = [_("This holds provided that your request is complete.")] if facts["electronic"] else []
    if facts["silence_effect"] == "accept":
        certificate = _("You may then ask for a certificate of this acceptance (article L232-3 of the CRPA).")
        return [_("If you get no answer by %(date)s, your request is accepted.") % day, *reserve, certificate]
    remedies = _(
        "You then have two months to ask this service or its superior to think again, or to go to the administrative"
        " court; you may also ask for the reasons (article L232-4 of the CRPA)."
    )
    return [_("If you get no answer by %(date)s, your request is rejected.") % day, *reserve, remedies]


def _follow(facts: dict[str, Any], reference: str) -> list[str]:
    return [
        _("By telephone: %(phone)s. By letter or at the counter: %(address)s.")
        % {"phone": spoken(facts["service_phone"]), "address": _on_one_line(facts["service_address"])},
        _("Online: %(url)s, with number and code. Keep the code to yourself.")
        % {"url": f"{settings.CC_PUBLIC_BASE_URL}/follow/?reference={reference}"},
    ]


def _enclosed(receipt: Receipt) -> list[dict[str, Any]]:
    return [
        {"name": row.name, "size": row.size, "print": row.sha256[:8], "problem": row.problem}
        for row in sorted(receipt.interaction.attachments.all(), key=lambda row: row.pk)
    ]


def _unopened(receipt: Receipt) -> list[str]:
    """What we could not open, named: nobody is left to believe that we read it."""
    files = [row.name for row in receipt.interaction.attachments.all() if row.problem]
    kept = _("We could not open %(name)s. It is kept as it is, and a person will look at it.")
    return [*(kept % {"name": name} for name in files), ""] if files else []


def _grouped(digits: str, size: int) -> str:
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))
