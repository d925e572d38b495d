"""Say something to a ticket's person that is no answer to a question: a decision, an appointment, a fault mended."""

from django.utils import timezone

from contactcenter.desk.services import points_of, reply_subject
from contactcenter.outbox.means import choose
from contactcenter.outbox.models import Delivery, Purpose
from contactcenter.outbox.services import post
from contactcenter.people import languages
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Ticket


def language_of(ticket: Ticket) -> str:
    """The language in which we write to this person: theirs where we have our sentences in it, else French."""
    return languages.ours(ticket.language)


def tell(ticket: Ticket, text: str, *, actor: str, subject: str = "") -> Delivery:
    """Tell the (locked) ticket's person by their own means; it is on the follow page whatever means that is."""
    choice = choose(ticket.channel, points_of(ticket))
    assert choice is not None  # the follow page is always there
    said = Interaction.objects.create(
        ticket=ticket,
        direction="out",
        channel=choice.channel,
        occurred_at=timezone.now(),
        subject=subject or ticket.subject,
        text=text,
        language=ticket.language,
        actor=actor,
    )
    record(ticket, "interaction.told", actor=actor, interaction=said.pk, channel=choice.channel)
    return post(
        ticket,
        choice,
        purpose=Purpose.NOTICE,
        subject=subject or reply_subject(ticket),
        text=text,
        language=ticket.language or "fr",
        actor=actor,
        interaction=said,
    )
