"""Sheets that came and letters that go: what was scanned, what was read on it, and where the paper lies.

The scan itself lies in the vault, unchanged, under its SHA-256; what a clerk finds out is written beside it.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Problem(models.TextChoices):
    """What stands in the way of opening a scan, said to the clerk in plain words."""

    EMPTY = "empty", _("The file is empty: the scanner wrote nothing. Scan the letter again.")
    INCOMPLETE = "incomplete", _("The file stops before its end: the scanner was interrupted. Scan the letter again.")
    ENCRYPTED = "encrypted", _("The file is locked with a password, so it cannot be shown here.")
    CORRUPT = "corrupt", _("The file is damaged and cannot be opened.")
    UNKNOWN = "unknown", _("This is no scan that we can show (PDF, TIFF, JPEG or PNG).")
    TOO_LARGE = "too_large", _("The image is too large to be shown safely. Scan the letter at 300 dpi.")


class Reading(models.TextChoices):
    """How far the machine's reading has come. What it could not read, a clerk keys in."""

    WAITING = "waiting", _("to be read")
    RUNNING = "running", _("being read")
    READ = "read", _("read by machine")
    DOUBTFUL = "doubtful", _("read with doubts")
    UNREAD = "unread", _("to be keyed in")


class Door(models.TextChoices):
    """By which way a file came."""

    FOLDER = "folder", _("scan folder")
    UPLOAD = "upload", _("upload")


class Scan(models.Model):
    """One file that came from a scanner: one interaction of its ticket, to be checked by a clerk."""

    interaction = models.OneToOneField("tickets.Interaction", on_delete=models.PROTECT, related_name="scan")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    problem = models.CharField(max_length=12, choices=Problem, blank=True)
    page_count = models.PositiveIntegerField(default=0)
    reading = models.CharField(max_length=8, choices=Reading, default=Reading.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)  # when the reading may (again) be taken up: its lease
    arrived_at = models.DateTimeField(default=timezone.now)
    received_on = models.DateField(_("received on"))
    postmark_on = models.DateField(_("postmark"), null=True, blank=True)
    place = models.CharField(_("where the paper lies"), max_length=120, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(problem="") | Q(problem__in=Problem.values), name="scan_problem_known"),
            models.CheckConstraint(condition=Q(reading__in=Reading.values), name="scan_reading_known"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(reading__in=["waiting", "running"]), name="scan_to_read"),
            models.Index(fields=["sha256"], name="scan_by_sha256"),
            models.Index(fields=["checked_by", "-checked_at"], condition=~Q(place=""), name="scan_places_of_clerk"),
        ]

    def __str__(self) -> str:
        return f"scan {self.pk}"


class Arrival(models.Model):
    """The same bytes may come more than once: each time they came, and by which door."""

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="arrivals")
    door = models.CharField(max_length=8, choices=Door)
    name = models.CharField(max_length=255)
    mark = models.CharField(max_length=120)  # what tells this arrival from another: so a crash repeats none
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scan", "mark"], name="arrival_once")]

    def __str__(self) -> str:
        return f"arrival {self.pk}"


class Page(models.Model):
    """One page of a scan: its preview, and what was read on it. `number` counts from 1."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    problem = models.CharField(max_length=12, choices=Problem, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    confidence = models.FloatField(null=True, blank=True)  # of the reader, 0 to 100; null where the file says its text
    doubtful = models.FloatField(default=0)  # the share of words the reader doubted
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["scan", "number"], name="page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of scan {self.scan_id}"


class Letter(models.Model):
    """One letter to print and post: the PDF of a delivery. Its work item says whether it is still in the tray."""

    delivery = models.OneToOneField("outbox.Delivery", on_delete=models.PROTECT, related_name="letter")
    work_item = models.OneToOneField("routing.WorkItem", on_delete=models.PROTECT, related_name="letter")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"letter {self.pk}"
