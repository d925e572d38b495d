"""Matters people bring us: tickets, what was said on them, and everything that happened."""

from typing import Any, NoReturn

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contactcenter.accounts.principal import Principal
from contactcenter.crypto import EncryptedTextField
from contactcenter.tickets.states import State


class LegalNature(models.TextChoices):
    """What a contact is in law; receipts, clocks and remedies follow."""

    INFORMATION = "information", _("request for information")
    ASSISTANCE = "assistance", _("request for help")
    DECLARATION = "declaration", _("declaration")
    APPLICATION = "application", _("application")
    COMPLAINT = "complaint", _("complaint")
    APPEAL = "appeal", _("appeal")


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Tickets, as one may see them."""

    def visible_to(self, by: Principal) -> "TicketQuerySet":
        """Those of the offices one serves, and those of which work waits in one's queues or is in one's hands."""
        if by.offices is None:
            return self
        waits = Q(work_items__state__in=("waiting", "offered"), work_items__lane__queue__office__in=by.offices)
        # Looked up for each ticket of another office: as EXISTS, PostgreSQL would gather all that waits, for any list.
        opened = Ticket.objects.filter(waits, pk=OuterRef("pk")).values("pk")[:1]
        right = Q(office__in=by.offices) | Q(pk=Subquery(opened))
        if by.agent_id is not None:
            held = Q(work_items__assignments__agent=by.agent_id, work_items__assignments__ended_at=None)
            right |= Q(pk__in=Ticket.objects.filter(held).values("pk"))
        return self.filter(right)


class Ticket(models.Model):
    """One matter a person brought us, whichever channels it travels by."""

    reference = models.CharField(max_length=12)
    follow_code = EncryptedTextField()
    office = models.ForeignKey("offices.Office", on_delete=models.PROTECT, related_name="tickets", db_index=False)
    procedure = models.ForeignKey(
        "procedures.ProcedureVersion", on_delete=models.PROTECT, related_name="tickets", null=True, blank=True
    )
    legal_nature = models.CharField(max_length=12, choices=LegalNature)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    channel = models.CharField(max_length=12)
    subject = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, blank=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="tickets", null=True, blank=True)
    answer_to = models.ForeignKey(
        "people.ContactPoint", on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    silence_on = models.DateField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=40, blank=True)
    # Where its story goes on now: never one that was merged itself.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True, db_index=False
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="ticket_reference_unique"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="ticket_state_known"),
            models.CheckConstraint(condition=Q(legal_nature__in=LegalNature.values), name="ticket_nature_known"),
            models.CheckConstraint(
                condition=Q(state=State.SOLVED, solved_at__isnull=False)
                | (~Q(state=State.SOLVED) & Q(solved_at__isnull=True)),
                name="ticket_solved_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="ticket_newest"),
            models.Index(fields=["office", "-opened_at", "-id"], name="ticket_newest_of_office"),
            models.Index(fields=["state", "-opened_at", "-id"], name="ticket_newest_of_state"),
            models.Index(fields=["office", "id"], name="ticket_of_office"),
            models.Index(fields=["due_at"], condition=~Q(state=State.SOLVED), name="ticket_unsolved_by_due"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="ticket_merged"),
        ]

    def __str__(self) -> str:
        return self.reference


class Direction(models.TextChoices):
    """Which way a thing was said."""

    IN = "in", _("received")
    OUT = "out", _("sent")


class Interaction(models.Model):
    """One thing said, in or out, on one channel; a call is one."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="interactions")
    direction = models.CharField(max_length=3, choices=Direction)
    channel = models.CharField(max_length=12)
    external_id = models.CharField(max_length=200, null=True, blank=True)
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="interactions", null=True, blank=True
    )
    occurred_at = models.DateTimeField()
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    raw_sha256 = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=40, default="person")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=Q(external_id__isnull=False),
                name="interaction_once_per_channel",
            ),
            models.CheckConstraint(condition=Q(direction__in=["in", "out"]), name="interaction_direction_known"),
        ]
        indexes = [
            models.Index(fields=["ticket", "occurred_at", "id"], name="interaction_story"),
            models.Index(
                fields=["occurred_at"], condition=Q(channel="phone", direction="in"), name="interaction_calls_by_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.channel} {self.pk}"


class Attachment(models.Model):
    """A file that came or went with an interaction; its bytes lie in the vault under their SHA-256."""

    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    problem = models.CharField(max_length=12, blank=True)  # "" or a code of channel.File

    def __str__(self) -> str:
        return self.name


class Note(models.Model):
    """What an agent wrote for colleagues; the person never sees it."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        TRANSFER = "transfer", _("transfer")
        HOLD = "hold", _("hold")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.NOTE)
    actor = models.CharField(max_length=40)
    author = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "at"], name="note_story")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Tag(models.Model):
    """A word with which an office marks its tickets: short, in small letters, one of few."""

    office = models.ForeignKey("offices.Office", on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "name"], name="tag_once_per_office")]

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    """A tag on a ticket, and by whose hand."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged")
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="ticket_tag_once")]
        indexes = [models.Index(fields=["tag", "-ticket"], name="ticket_tag_newest")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.ticket_id}"


class TicketLink(models.Model):
    """Two tickets that have to do with each other, and a word saying why; the older id comes first."""

    first = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_as_first")
    second = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_as_second")
    word = models.CharField(max_length=60)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="ticket_link_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="ticket_link_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class Undo(models.Model):
    """How two tickets stood before they were put together or taken apart."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("put together")
        SPLIT = "split", _("taken apart")

    kind = models.CharField(max_length=5, choices=Kind)
    # The one merged or split, and the one it went into or the new one.
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField()
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-at"], name="undo_of_ticket")]

    def __str__(self) -> str:
        return f"undo {self.pk}"


class NeverChangedError(TypeError):
    """Somebody tried to change what has happened."""


class TicketEventQuerySet(models.QuerySet["TicketEvent"]):
    """Events can be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise NeverChangedError("ticket events are never changed")

    def delete(self) -> NoReturn:
        raise NeverChangedError("ticket events are never deleted")


class TicketEvent(models.Model):
    """A line of a ticket's story: ids and codes only, so that it can stay for ever. A trigger guards it as well."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    objects = TicketEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_story"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise NeverChangedError("ticket events are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverChangedError("ticket events are never deleted")


class Seal(models.Model):
    """One day's root over the stories of all tickets (see `seals.py`)."""

    day = models.DateField(unique=True)
    events = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"seal of {self.day}"
