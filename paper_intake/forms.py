"""What a clerk fills in."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from contactcenter.people.points import e164
from contactcenter.procedures.selectors import published
from contactcenter.tickets.reference import cleaned, is_valid
from paper_intake.check import Findings
from paper_intake.models import Scan

LONGEST = 100_000
MOST_FILES = 40  # below what the server itself cuts off without a sentence
MOST_BYTES = 200 * 1024 * 1024


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CheckForm(forms.Form):
    """A letter's facts, as far as it says them: nothing but the day it came is demanded."""

    reference = forms.CharField(label=_("Request it belongs to"), max_length=20, required=False)
    name = forms.CharField(label=_("Sender"), max_length=200, required=False)
    address = forms.CharField(
        label=_("Postal address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    email = forms.EmailField(label=_("E-mail, if written"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone, if written"), max_length=40, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    procedure = forms.ChoiceField(label=_("Procedure"), required=False)
    language = forms.ChoiceField(label=_("Language of the letter"), required=False)
    received_on = forms.DateField(label=_("Received on"), widget=DateInput)
    postmark_on = forms.DateField(label=_("Postmark, if legible"), required=False, widget=DateInput)
    place = forms.CharField(label=_("Where is the paper?"), max_length=120, required=False)
    text = forms.CharField(
        label=_("What the letter says"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    read = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, scan: Scan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = timezone.now().astimezone(ZoneInfo(scan.interaction.ticket.office.timezone)).date()
        self.fields["procedure"].choices = [("", _("not known yet")), *procedures()]  # type: ignore[attr-defined]
        self.fields["language"].choices = list(settings.LANGUAGES)  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            self._describe(name, field)

    def _describe(self, name: str, field: forms.Field) -> None:
        """Let the field say aloud what stands below it."""
        if self.is_bound and name in self.errors:
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}

    def clean_reference(self) -> str:
        """A reference of ours, by its check digit; whether the clerk may see it is decided when it is used."""
        typed: str = self.cleaned_data["reference"]
        digits = cleaned(typed)
        if typed and not is_valid(digits):
            raise forms.ValidationError(_("This is no reference of ours: a digit is wrong or missing. Check it."))
        return digits

    def clean_phone(self) -> str:
        """A number that can exist."""
        typed: str = self.cleaned_data["phone"]
        if typed and not e164(typed):
            raise forms.ValidationError(_("This cannot be a telephone number. Check it, or leave the field empty."))
        return typed

    def clean_received_on(self) -> date:
        """No letter comes tomorrow."""
        day: date = self.cleaned_data["received_on"]
        if day > self._today:
            raise forms.ValidationError(_("This day is still to come. Enter the day on which the letter arrived."))
        return day

    def clean_postmark_on(self) -> date | None:
        """Nor is one stamped tomorrow."""
        day: date | None = self.cleaned_data["postmark_on"]
        if day and day > self._today:
            raise forms.ValidationError(_("This day is still to come. Enter the day on the postmark."))
        return day

    def findings(self) -> Findings:
        """What was filled in. A text left as it was shown stays what the machine reads, also what it reads later."""
        facts = {name: value for name, value in self.cleaned_data.items() if name not in ("text", "read")}
        text = _lines(self.cleaned_data["text"])
        return Findings(**facts, text=None if text == _lines(self.cleaned_data["read"]) else text)


class SeveralFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, of any kind: a damaged one is kept like the others."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        """The files; too many or too large ones are the only ones refused."""
        files = [file for file in data or [] if file]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(most)d files at once.") % {"most": MOST_FILES})
        for file in files:
            if (file.size or 0) > MOST_BYTES:
                facts = {"name": file.name, "most": MOST_BYTES // 1024 // 1024}
                raise forms.ValidationError(_("“%(name)s” is larger than %(most)d MB. Scan it in parts.") % facts)
        return files


class UploadForm(forms.Form):
    """Scans handed in by hand. `token` makes a double click one upload."""

    files = FilesField(  # type: ignore[assignment]
        label=_("Scanned letters"), widget=SeveralFiles(attrs={"accept": ".pdf,.tif,.tiff,.jpg,.jpeg,.png"})
    )
    place = forms.CharField(label=_("Where is the paper?"), max_length=120, required=False)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


def procedures() -> list[tuple[str, str]]:
    """The published procedures, as people name them in the reader's language."""
    language = (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return [(version.procedure.code, _named(version.name, language, version.procedure.code)) for version in published()]


def _named(names: dict[str, str], language: str, code: str) -> str:
    return names.get(language) or names.get("fr") or next(iter(names.values()), code)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
