"""Say something to a ticket's person that is no answer to a question: a decision, an appointment, a fault mended."""

from django.utils import timezone

from contactcenter.desk.services import LONGEST_SMS, reply_subject, ways_to_answer
from contactcenter.outbox.means import Choice
from contactcenter.outbox.models import Delivery, Means, Purpose
from contactcenter.outbox.services import post
from contactcenter.people import languages
from contactcenter.tickets.events import record
from contactcenter.tickets.models import Interaction, Ticket


def language_of(ticket: Ticket) -> str:
    """The language in which we write to this person: theirs where we have our sentences in it, else French."""
    return languages.ours(ticket.language)


def tell(ticket: Ticket, text: str, *, actor: str, subject: str = "") -> Delivery:
    """Tell the (locked) ticket's person by their own means; it is on the follow page whatever means that is."""
    choice, language = _way(ticket, text), language_of(ticket)
    said = Interaction.objects.create(
        ticket=ticket,
        direction="out",
        channel=choice.channel,
        occurred_at=timezone.now(),
        subject=subject or ticket.subject,
        text=text,
        language=language,
        actor=actor,
    )
    record(ticket, "interaction.told", actor=actor, interaction=said.pk, channel=choice.channel)
    return post(
        ticket,
        choice,
        purpose=Purpose.NOTICE,
        subject=subject or reply_subject(ticket),
        text=text,
        language=language,
        actor=actor,
        interaction=said,
    )


def outgrew_sms(delivery: Delivery) -> bool:
    """Whether a text message would have been the way to say it, had it room for so much."""
    return len(delivery.text) > LONGEST_SMS and ways_to_answer(delivery.ticket)[0].means == Means.SMS


def _way(ticket: Ticket, text: str) -> Choice:
    """The first of the person's means that holds the words; the last is the follow page, which does."""
    ways = ways_to_answer(ticket)
    return next(way for way in ways if way.means != Means.SMS or len(text) <= LONGEST_SMS)
