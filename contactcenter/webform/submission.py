"""A form as it was posted: checked for size alone, kept unchanged, and handed to the one door in."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contactcenter import vault
from contactcenter.channel import File, Inbound, Point, Speaker
from contactcenter.intake.services import receive
from contactcenter.intake.sniff import judge
from contactcenter.offices.models import Office
from contactcenter.tickets.models import Ticket

FIELDS = ("name", "email", "phone", "address", "text")
LONGEST = {"name": 200, "email": 254, "phone": 40, "address": 500, "text": 50_000}
MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_ALL = 30 * 1024 * 1024
_signer = Signer(salt="webform.once")


def new_token() -> str:
    """A one-time token for a blank form: pressed twice, it is still one request."""
    return _signer.sign(secrets.token_urlsafe(18))


@dataclass(slots=True)
class Submission:
    """What somebody typed and enclosed, and what is wrong with it, field by field."""

    values: dict[str, str]
    files: list[UploadedFile]
    token: str
    errors: dict[str, str] = field(default_factory=dict)


def read(request: HttpRequest) -> Submission:
    """Take the form from a request. A token that is not ours is replaced: no request is refused for it."""
    values = {name: request.POST.get(name, "")[: LONGEST[name] + 1] for name in FIELDS}
    try:
        token = _signer.unsign(request.POST.get("token", ""))
    except BadSignature:
        token = secrets.token_urlsafe(18)
    submission = Submission(values=values, files=request.FILES.getlist("files"), token=token)
    submission.errors = _errors(submission)
    return submission


def _errors(submission: Submission) -> dict[str, str]:
    errors = {
        name: _("This is too long: at most %(most)d characters.") % {"most": LONGEST[name]}
        for name, value in submission.values.items()
        if len(value) > LONGEST[name]
    }
    if not submission.values["text"].strip():
        errors["text"] = _("Tell us in a few words what you need: without it we cannot help.")
    sizes = [file.size or 0 for file in submission.files]
    if len(sizes) > MOST_FILES:
        errors["files"] = ngettext(
            "At most %(most)d file at a time: send the others by e-mail or by post.",
            "At most %(most)d files at a time: send the others by e-mail or by post.",
            MOST_FILES,
        ) % {"most": MOST_FILES}
    elif any(size > LARGEST_FILE for size in sizes) or sum(sizes) > LARGEST_ALL:
        errors["files"] = _("These files are too large: at most 10 MB each and 30 MB in all. Send them by post, or smaller.")
    return errors


def register(submission: Submission, *, office: Office, procedure: str, language: str) -> Ticket:
    """Keep the form and its files unchanged, and open the ticket; the same token again is the same ticket."""
    values = submission.values
    files = tuple(_kept(file) for file in submission.files)
    raw = {"procedure": procedure, **values, "files": [[file.name, file.kept.sha256] for file in files]}
    kept = vault.keep(json.dumps(raw, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass"))
    points = [
        Point(kind=kind, value=values[kind]) for kind in ("email", "phone", "address") if values[kind].strip()
    ]
    return receive(
        Inbound(
            channel="web",
            external_id=external_id(submission.token),
            occurred_at=timezone.now(),
            office_id=office.pk,
            speaker=Speaker(name=values["name"], points=tuple(points), named=True),
            text=values["text"],
            language=language,
            procedure=procedure,
            files=files,
            raw_sha256=kept.sha256,
        )
    )


def external_id(token: str) -> str:
    """What the interaction is known by: a hash, so that the database holds no address of a confirmation page."""
    return hashlib.sha256(token.encode()).hexdigest()


def _kept(file: UploadedFile) -> File:
    data = file.read()
    content_type, problem = judge(data, file.name or "", file.content_type or "")
    return File(name=file.name or "file", content_type=content_type, kept=vault.keep(data), problem=problem)
