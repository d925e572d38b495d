"""The notes by which colleagues mean me, as the desk's column lists them."""

from dataclasses import dataclass

from channels_app import words
from contactcenter.accounts.principal import Principal
from contactcenter.desk import mentions

LONGEST = 120  # characters of a note in the list


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionLine:
    """One note that means me."""

    id: int
    reference: str
    author: str
    subject: str
    text: str


def of(by: Principal) -> list[MentionLine]:
    """What I have not read yet, the newest first."""
    return [
        MentionLine(
            id=row.pk,
            reference=row.note.ticket.reference,
            author=row.note.author,
            subject=row.note.ticket.subject or words.digits(row.note.ticket.reference),
            text=row.note.text if len(row.note.text) <= LONGEST else f"{row.note.text[:LONGEST]}…",
        )
        for row in mentions.unread(by)
    ]
