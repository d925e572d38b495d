"""The last mile of a request: what was decided, the appointment that makes it real, and faults that many met."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contactcenter.desk.filling import check_variables
from contactcenter.people.languages import LANGUAGES, UNNAMED


def written_in() -> list[tuple[str, Promise]]:
    """The languages of templates, by code and name."""
    return [(code, name) for code, name in LANGUAGES.items() if code != UNNAMED]


class Decision(models.Model):
    """What was decided on a ticket; `delivery` told the person. One that refuses has its reasons."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="decisions")
    favourable = models.BooleanField()
    decided_on = models.DateField()
    reasons = models.TextField(blank=True, default="", db_default="")
    delivery = models.ForeignKey("outbox.Delivery", on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    awaits_appointment = models.BooleanField(default=False, db_default=False)  # see unappointed.mark_awaiting
    followed_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "favourable", "decided_on"], name="decision_told_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(awaits_appointment=True), name="decision_one_awaits_appointment"
            ),
            models.CheckConstraint(condition=Q(favourable=True) | ~Q(reasons=""), name="decision_refusal_has_reasons"),
            models.CheckConstraint(
                condition=Q(favourable=True) | Q(awaits_appointment=False), name="decision_refusal_awaits_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Appointment(models.Model):
    """Where and when the person is expected, and what to bring; `delivery` told them."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="appointments")
    place = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    bring = models.TextField(blank=True)
    delivery = models.ForeignKey("outbox.Delivery", on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "place", "starts_at"], name="appointment_told_once"),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"


class PieceMark(models.Model):
    """Whether a document that the procedure asks for is held or missing, as somebody last said."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="piece_marks")
    code = models.TextField()  # of the procedure's `pieces`
    held = models.BooleanField()
    actor = models.CharField(max_length=40)
    author = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "code"], name="piece_mark_one_per_piece")]

    def __str__(self) -> str:
        return f"{self.code} of {self.ticket_id}"


class Incident(models.Model):
    """A fault of an online service, with a number that can be said; told to those it hit when it is mended."""

    number = models.CharField(max_length=6, unique=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    actor = models.CharField(max_length=40)
    opened_at = models.DateTimeField(default=timezone.now)
    mended_at = models.DateTimeField(null=True, blank=True)
    mended_text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-opened_at"], name="incident_newest")]

    def __str__(self) -> str:
        return self.number


class IncidentTicket(models.Model):
    """A ticket that an incident caused; `told_at` once its person heard that it is mended (on their oldest ticket)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.PROTECT, related_name="incidents")
    linked_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "ticket"], name="incident_ticket_once")]
        indexes = [models.Index(fields=["incident"], condition=Q(told_at=None), name="incident_to_tell")]

    def __str__(self) -> str:
        return f"{self.incident} {self.ticket_id}"


class Draft(models.Model):
    """What an agent is writing in one of a ticket's forms, and has not sent."""

    agent = models.ForeignKey("routing.Agent", on_delete=models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=10)
    text = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "ticket", "form"], name="draft_one_per_form")]
        indexes = [models.Index(fields=["ticket", "-saved_at"], name="draft_of_ticket")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class ReplyTemplate(models.Model):
    """Words for an answer that is given often, in one language; `{reference}` and the like are filled in.

    What we do not know stays as `[[name]]`, and an answer that still holds such a gap is not sent.
    """

    title = models.CharField(_("title"), max_length=80)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=written_in,
        help_text=_("The language of the text; it is proposed to whoever is answered in that language."),
    )
    text = models.TextField(
        _("text"),
        validators=[check_variables],
        help_text=_(
            "It may use {reference}, {name}, {subject}, {office}, {telephone} and {missing} (the documents that are "
            "missing); [[…]] is to be filled in."
        ),
    )

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ("language", "title")
        constraints = [models.UniqueConstraint(fields=["language", "title"], name="reply_template_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class Mention(models.Model):
    """A colleague who is meant by a note (`@login`); read once they have opened the ticket."""

    note = models.ForeignKey("tickets.Note", on_delete=models.CASCADE, related_name="mentions")
    agent = models.ForeignKey("routing.Agent", on_delete=models.CASCADE, related_name="mentions")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "agent"], name="mention_once_per_note")]
        indexes = [models.Index(fields=["agent", "note"], condition=Q(read_at=None), name="mention_unread")]

    def __str__(self) -> str:
        return f"mention {self.pk}"
