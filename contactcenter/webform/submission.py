"""A form as it was posted: only the size and number of files can be refused; kept unchanged, then handed to intake."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contactcenter import vault
from contactcenter.channel import File, Inbound, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.intake.sniff import judge
from contactcenter.offices.models import Office
from contactcenter.people.points import normalised
from contactcenter.people.services import clean_name
from contactcenter.tickets.models import Interaction, Ticket

FIELDS = ("name", "email", "phone", "address", "text")
POINTS = ("email", "phone", "address")
MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_ALL = 30 * 1024 * 1024
LONGEST_NAME = 200  # people keep no more of it
_signer = Signer(salt="webform.once")


def new_token() -> str:
    """A one-time token for a blank form: pressed twice, it is still one request."""
    return signed(secrets.token_urlsafe(18))


def signed(token: str) -> str:
    """A token as it stands in a form."""
    return _signer.sign(token)


@dataclass(slots=True)
class Submission:
    """What somebody typed and enclosed, and what is wrong with it, field by field."""

    values: dict[str, str]
    files: list["UploadedFile[bytes]"]
    token: str
    errors: dict[str, str] = field(default_factory=dict)


def read(request: HttpRequest) -> Submission:
    """Take the form from a request. A token that is not ours is replaced: no request is refused for it."""
    try:
        posted, files = request.POST, request.FILES.getlist("files")
    except TooManyFilesSent:
        return _unread(_too_many_files())
    except (RequestDataTooBig, TooManyFieldsSent):
        return _unread(_("This is more than a form can carry. Go back, and send the long part as a file or by post."))
    except MultiPartParserError:
        return _unread(_("What you sent broke off on its way. Go back: your browser has kept it. Then send it again."))
    values = {name: posted.get(name, "") for name in FIELDS}
    try:
        token = _signer.unsign(posted.get("token", ""))
    except BadSignature:
        token = secrets.token_urlsafe(18)
    return Submission(values=values, files=files, token=token, errors=_errors(values["text"], files))


def _unread(sentence: str) -> Submission:
    return Submission(values={}, files=[], token="", errors={"files": sentence})


def _errors(text: str, files: list["UploadedFile[bytes]"]) -> dict[str, str]:
    errors = {}
    if not text.strip():
        errors["text"] = _("Tell us in a few words what you need: without it we cannot help.")
    sizes = [file.size or 0 for file in files]
    if len(sizes) > MOST_FILES:
        errors["files"] = _too_many_files()
    elif any(size > LARGEST_FILE for size in sizes) or sum(sizes) > LARGEST_ALL:
        errors["files"] = _(
            "These files are too large: at most 10 MB each and 30 MB in all. Send them by post, or smaller."
        )
    return errors


def _too_many_files() -> str:
    return ngettext(
        "At most %(most)d file at a time: send the others by e-mail or by post.",
        "At most %(most)d files at a time: send the others by e-mail or by post.",
        MOST_FILES,
    ) % {"most": MOST_FILES}


def register(submission: Submission, *, office: Office, procedure: str, language: str) -> Ticket:
    """Keep the form and its files unchanged, and open the ticket. The same token again is the same ticket.

    Where somebody went back, wrote something else and sent it again, that is added to the ticket: no word is lost.
    """
    files = tuple(_kept(file) for file in submission.files)
    inbound = Inbound(
        channel="web",
        external_id=external_id(submission.token),
        occurred_at=timezone.now(),
        office_id=office.pk,
        speaker=_speaker(submission.values),
        text=_text(submission.values),
        language=language,
        procedure=procedure,
        files=files,
        raw_sha256=_raw(submission, procedure, files),
    )
    ticket = receive(inbound)
    first = Interaction.objects.filter(channel="web", external_id=inbound.external_id).values_list(
        "raw_sha256", flat=True
    )
    if inbound.raw_sha256 in first:
        return ticket
    again = external_id(submission.token + inbound.raw_sha256)
    return receive(replace(inbound, external_id=again, ticket_id=ticket.pk))


def external_id(token: str) -> str:
    """What the interaction is known by: a hash, so that the database holds no address of a confirmation page."""
    return hashlib.sha256(token.encode()).hexdigest()


def _speaker(values: dict[str, str]) -> Speaker:
    points = tuple(Point(kind=kind, value=values[kind]) for kind in POINTS if values[kind].strip())
    return Speaker(name=values["name"], points=points, named=True)


def _text(values: dict[str, str]) -> str:
    """The text, and below it whatever of the other fields is no address or number that we could use."""
    labels = {"name": _("Name"), "email": _("E-mail"), "phone": _("Telephone"), "address": _("Postal address")}
    strange = [
        kind for kind in POINTS if values[kind].strip() and normalised(Point(kind=kind, value=values[kind])) is None
    ]
    if len(clean_name(values["name"])) == LONGEST_NAME:
        strange.insert(0, "name")
    lines = [f"{labels[kind]}: {values[kind].strip()}" for kind in strange]
    return "\n\n".join([values["text"], *(["\n".join(lines)] if lines else [])])


def _raw(submission: Submission, procedure: str, files: tuple[File, ...]) -> str:
    """The form as it was posted, kept in the vault."""
    posted = {"procedure": procedure, **submission.values, "files": [[file.name, file.kept.sha256] for file in files]}
    return vault.keep(json.dumps(posted, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).sha256


def _kept(file: "UploadedFile[bytes]") -> File:
    data = file.read()
    content_type, problem = judge(data, file.name or "", file.content_type or "")
    return File(name=file.name or "file", content_type=content_type, kept=vault.keep(data), problem=problem)
