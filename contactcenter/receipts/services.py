"""Issue receipts: complete or not at all."""

import secrets
from typing import Any

from django.utils import timezone

from contactcenter.receipts.completeness import DEMANDS, IncompleteReceiptError, missing
from contactcenter.receipts.models import Receipt
from contactcenter.rows import add
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.reference import check_digit

CODE_DIGITS = 16
ELECTRONIC = frozenset({"email", "web"})
WRITTEN_IN = frozenset({"fr", "en"})


def issue(ticket: Ticket, interaction: Interaction, by_channel: str) -> Receipt:
    """Certify that we received this. Raises IncompleteReceiptError naming what the law wants and is not there.

    Costs one INSERT: office and procedure are read from the ticket.
    """
    facts = _facts(ticket, interaction)
    if codes := missing(facts):
        raise IncompleteReceiptError(codes)
    receipt = Receipt(
        code=_new_code(),
        ticket=ticket,
        interaction=interaction,
        legal_nature=ticket.legal_nature,
        issued_at=timezone.now(),
        language=ticket.language if ticket.language in WRITTEN_IN else "fr",
        content={**facts, "by": by_channel},
    )
    return add(receipt)


def lacking(ticket: Ticket, interaction: Interaction) -> tuple[str, ...]:
    """The codes of what a receipt of this would lack today; none means that it can be issued."""
    return missing(_facts(ticket, interaction))


def _facts(ticket: Ticket, interaction: Interaction) -> dict[str, Any]:
    """What is certified, with the times of the office's own clock."""
    office, version = ticket.office, ticket.procedure
    zone = office.zone
    facts: dict[str, Any] = {
        "nature": ticket.legal_nature,
        "received_on": interaction.occurred_at.astimezone(zone).isoformat(timespec="minutes"),
        "due_on": ticket.due_at.astimezone(zone).isoformat(timespec="minutes"),
        "channel": interaction.channel,
        "electronic": interaction.channel in ELECTRONIC,
        "service_name": office.service,
        "service_address": office.address or office.email,
        "service_email": office.email,
        "service_phone": office.phone,
        "procedure": version.procedure.code if version else "",
    }
    if ticket.legal_nature in DEMANDS and version:
        facts |= {
            "silence_effect": "" if version.silence_effect == "none" else version.silence_effect,
            "silence_on": ticket.silence_on.isoformat() if ticket.silence_on else "",
            "silence_source": version.silence_source,
            "remedies": "two_months" if version.silence_effect == "reject" else "",
            "attestation": "L232-3" if version.silence_effect == "accept" else "",
        }
    return facts


def _new_code() -> str:
    body = f"{secrets.randbelow(9 * 10 ** (CODE_DIGITS - 2)) + 10 ** (CODE_DIGITS - 2)}"
    return body + check_digit(body)
