"""How a text message or a callback will reach the person, before anything is sent."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contactcenter.channel import Outbound, Preview
from contactcenter.outbox.models import Delivery
from contactcenter.outbox.reading import text_message
from contactcenter.outbox.texting import costly, segments
from contactcenter.people.points import spoken
from contactcenter.tickets.models import Ticket

MOST_LETTERS = 5  # named of those that cost


def shown(outbound: Outbound) -> Preview:
    """A text with its sender and its segments counted; of a callback, what the agent will say."""
    if outbound.means != "sms":
        return Preview(head=((_("To"), spoken(outbound.to)),), text=outbound.text)
    ticket = Ticket.objects.select_related("office").get(pk=outbound.ticket_id)
    unsent = Delivery(ticket=ticket, to=outbound.to, text=outbound.text, language=outbound.language)
    sender, body = text_message(unsent)
    head = ((pgettext("sender", "From"), spoken(sender.name)), (_("To"), spoken(outbound.to)))
    return Preview(head=head, text=body, note=_counted(body), segments=segments(body).count)


def _counted(body: str) -> str:
    """How many messages it takes, and which letters make it take more than one thinks."""
    counted = segments(body)
    facts = {"n": counted.count, "units": counted.units, "room": counted.room * counted.count}
    told = ngettext(
        "%(n)d message: %(units)d of %(room)d signs.", "%(n)d messages: %(units)d of %(room)d signs.", counted.count
    )
    letters = costly(body)
    if not letters:
        return told % facts
    why = {"letters": " ".join(letters[:MOST_LETTERS])}
    return f"{told % facts} {_('With %(letters)s one message has room for 70 signs instead of 160.') % why}"
