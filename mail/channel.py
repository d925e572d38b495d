"""The plug: mails in by our listener, mails out by the relay."""

import asyncio
from email import message_from_bytes, policy
from email.errors import MessageError

import aiosmtplib
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from contactcenter import vault
from contactcenter.channel import DeliveryError, Fragment, Outbound, Preview, Sent
from contactcenter.offices.models import Office
from contactcenter.tickets.models import Interaction, Ticket
from mail.compose import compose

TIMEOUT = 20.0  # seconds


class MailChannel:
    """E-mail."""

    name = "email"
    label = gettext_lazy("e-mail")
    urls = ""

    def send(self, outbound: Outbound) -> Sent:
        """Hand the mail to the relay. Raises DeliveryError, permanent where the relay says so."""
        office = _office(outbound)
        try:
            data = _composed(outbound, office)
        except (ValueError, IndexError, MessageError) as error:  # an address no mail can be written to
            raise DeliveryError("the address cannot be written to", permanent=True) from error
        envelope_sender = office.email if outbound.purpose == "reply" else ""  # nobody's program answers a receipt
        asyncio.run(relay(data, envelope_sender, outbound.to))
        return Sent(state="sent", external_id=outbound.message_id)

    def preview(self, outbound: Outbound) -> Preview:
        """The mail itself, read back as a mail program shows it."""
        try:
            mail = message_from_bytes(_composed(outbound, _office(outbound)), policy=policy.default)
        except (ValueError, IndexError, MessageError):
            return Preview(text=outbound.text, note=_("No mail can be written to this address."))
        body = mail.get_body(("plain",))
        labels = (("From", pgettext("sender", "From")), ("To", _("To")), ("Subject", _("Subject")))
        head = tuple((label, str(mail[name])) for name, label in labels)
        return Preview(head=head, text="\n".join(str(body.get_content()).splitlines()) if body else "")

    def timeline(self, interaction_ids: list[int]) -> dict[int, Fragment]:
        """Who wrote each mail, and that the original is kept."""
        rows = Interaction.objects.filter(pk__in=interaction_ids, channel="email", direction="in").select_related(
            "person"
        )
        return {row.pk: Fragment(html=_told(row)) for row in rows if row.person}


def _office(outbound: Outbound) -> Office:
    return Ticket.objects.select_related("office").get(pk=outbound.ticket_id).office


def _composed(outbound: Outbound, office: Office) -> bytes:
    files = [(file.name, file.content_type, vault.read(file.kept.sha256)) for file in outbound.files]
    return compose(outbound, sender=office.email, sender_name=office.service, files=files)


def _told(row: Interaction) -> str:
    points = row.person.contact_points.filter(kind="email") if row.person else []
    addresses = format_html_join(", ", "{}", ((point.value,) for point in points))
    return format_html('<p class="soft">{} {}</p>', _("from"), addresses)


async def relay(data: bytes, sender: str, to: str) -> None:
    """Hand one mail to the relay. Raises DeliveryError."""
    host, _colon, port = settings.CC_MAIL_RELAY.rpartition(":")
    client = aiosmtplib.SMTP(hostname=host, port=int(port), timeout=TIMEOUT, use_tls=False, start_tls=None)
    try:
        async with client:
            await client.sendmail(sender, [to], data)
    except aiosmtplib.SMTPResponseException as error:
        raise DeliveryError(f"{error.code} {error.message}"[:200], permanent=500 <= error.code < 600) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refused.code for refused in error.recipients]
        raise DeliveryError("the address was refused", permanent=all(500 <= code < 600 for code in codes)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise DeliveryError(type(error).__name__) from error
