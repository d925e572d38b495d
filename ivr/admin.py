"""A line's menu, recorded prompts and conversations, unhurried numbers and third parties in the admin."""

from textwrap import shorten
from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcenter import vault
from contactcenter.crypto import blind_index
from contactcenter.people.points import e164
from ivr.lines import Line, Recording, new_token
from ivr.models import SlowNumber, ThirdParty
from ivr.prompts import CODES, language
from ivr.prompts.recordable import clips_of, french_of
from ivr.services import doors
from ivr.services.agent_lines import is_usable
from ivr.tapes import TapeRule

LARGEST = 5 * 1024 * 1024
KINDS = {b"RIFF": "audio/wav", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg", b"\xff\xf3": "audio/mpeg"}


@admin.register(Line)
class LineAdmin(admin.ModelAdmin[Line]):
    """The languages of a line, and how long it serves after closing."""

    list_display = ("door", "languages", "serves_after_closing_s")

    def save_model(self, request: HttpRequest, obj: Line, form: Any, change: bool) -> None:
        """It counts from the next call on."""
        super().save_model(request, obj, form, change)
        doors.forget()


class RecordingForm(forms.ModelForm[Recording]):
    """A prompt, its language, and the audio that somebody spoke."""

    prompt = forms.ChoiceField(
        label=gettext_lazy("prompt"), choices=lambda: [(one, f"{one} · {_begins(one)}") for one in clips_of()]
    )
    language = forms.ChoiceField(
        label=gettext_lazy("language"), choices=lambda: [(code, f"{language(code).name} ({code})") for code in CODES]
    )
    audio = forms.FileField(label=gettext_lazy("audio (WAV or MP3)"))

    class Meta:
        model = Recording
        fields = ("prompt", "language")

    def clean_audio(self) -> "UploadedFile[Any]":
        """Refuse what no telephone could play."""
        audio: UploadedFile[Any] = self.cleaned_data["audio"]
        if audio.size is None or audio.size > LARGEST or not kind_of(audio):
            raise forms.ValidationError(_("Upload a WAV or MP3 file of at most 5 MB."))
        return audio


def _begins(clip: str) -> str:
    """Enough of its words to know which it is."""
    return shorten(french_of(clip), 60, placeholder="…")


def kind_of(audio: "UploadedFile[Any]") -> str:
    """The type of an audio file by its first bytes; "" where it is none that we play."""
    head = audio.read(4)
    audio.seek(0)
    return next((kind for mark, kind in KINDS.items() if head.startswith(mark)), "")


@admin.register(Recording)
class RecordingAdmin(admin.ModelAdmin[Recording]):
    """Prompts that a person spoke; they go before any voice."""

    form = RecordingForm
    list_display = ("prompt", "begins", "language", "uploaded_at")
    list_filter = ("language",)

    @admin.display(description=gettext_lazy("in French"))
    def begins(self, recording: Recording) -> str:
        """Whoever does not know the codes knows the words."""
        return _begins(recording.prompt)

    def save_model(self, request: HttpRequest, obj: Recording, form: Any, change: bool) -> None:
        """Keep the audio unchanged; it has a new address, since the provider keeps what it fetched."""
        audio = form.cleaned_data["audio"]
        obj.content_type = kind_of(audio)
        obj.sha256 = vault.keep(audio.read()).sha256
        obj.token = new_token()
        super().save_model(request, obj, form, change)
        doors.forget()


class SlowNumberForm(forms.ModelForm[SlowNumber]):
    """A number, of which only the blind index is kept."""

    number = forms.CharField(label=gettext_lazy("telephone number"))

    class Meta:
        model = SlowNumber
        fields: tuple[str, ...] = ()

    def clean_number(self) -> str:
        """As calls name it."""
        number = e164(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(_("This is no telephone number: write it as +33199000000."))
        if SlowNumber.objects.filter(number_index=blind_index(number)).exists():
            raise forms.ValidationError(_("Callers from this number already get more time."))
        return number


@admin.register(SlowNumber)
class SlowNumberAdmin(admin.ModelAdmin[SlowNumber]):
    """Numbers of relays, and of people who need more time for each answer."""

    form = SlowNumberForm
    list_display = ("__str__", "since")

    def save_model(self, request: HttpRequest, obj: SlowNumber, form: Any, change: bool) -> None:
        """Only what the number can be recognised by is kept."""
        obj.number_index = blind_index(form.cleaned_data["number"])
        super().save_model(request, obj, form, change)


class ThirdPartyForm(forms.ModelForm[ThirdParty]):
    """Somebody who may be brought into a conversation."""

    class Meta:
        model = ThirdParty
        fields = ("name", "role", "languages", "number", "offices", "closed_at")
        widgets = {"number": forms.TextInput, "offices": forms.CheckboxSelectMultiple}

    def clean_languages(self) -> str:
        """Codes as requests have them, in one form."""
        codes = self.cleaned_data["languages"].replace(",", " ").lower().split()
        if self.cleaned_data.get("role") == ThirdParty.Role.INTERPRETER and not codes:
            raise forms.ValidationError(_("Say which languages they interpret, so that they are offered for those."))
        if any(not (code.isascii() and code.isalpha() and len(code) in (2, 3)) for code in codes):
            raise forms.ValidationError(_("Write the languages by their codes: ar, fa, ps."))
        return ", ".join(dict.fromkeys(codes))

    def clean_number(self) -> str:
        """As it is dialled."""
        given = self.cleaned_data["number"].strip()
        number = given if given.startswith("sip") else e164(given)
        if not is_usable(number):
            raise forms.ValidationError(_("Write a number as +33199000000 or a SIP address; none that costs extra."))
        return number


@admin.register(ThirdParty)
class ThirdPartyAdmin(admin.ModelAdmin[ThirdParty]):
    """Interpreters and competent offices, for each office: nobody else is brought into a conversation."""

    form = ThirdPartyForm
    list_display = ("name", "role", "languages", "closed_at")
    list_filter = ("role", "offices")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """No address fills in a new one: Django takes its word for a date unread, and breaks."""
        return {}


@admin.register(TapeRule)
class TapeRuleAdmin(admin.ModelAdmin[TapeRule]):
    """Whether an office records conversations. What was changed, and from what, stays in the rule's history."""

    list_display = ("office", "on", "share", "keep_days", "staff_informed_on")

    def get_readonly_fields(self, request: HttpRequest, obj: TapeRule | None = None) -> tuple[str, ...]:
        """A rule stays its office's."""
        return ("office",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: TapeRule | None = None) -> bool:
        """It is turned off, and its history stays."""
        return False

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        """Each value as it was and as it is now."""
        was, now = form.initial, form.cleaned_data
        told = [f"{name}: {was.get(name)} → {now[name]}" for name in now if add or name in form.changed_data]
        return [{"added": {}}, {"changed": {"fields": told}}] if add else [{"changed": {"fields": told}}]

    def save_model(self, request: HttpRequest, obj: TapeRule, form: Any, change: bool) -> None:
        """It counts from the next call on."""
        super().save_model(request, obj, form, change)
        doors.forget()
