"""Scans handed in on the mailroom's page: each taken in like one from the folder."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from contactcenter.accounts.principal import Principal
from contactcenter.offices.models import Office
from paper_intake.accept import Accepted, Source, accept, folder_office
from paper_intake.models import Door
from paper_intake.sandbox import Press


def take_uploads(
    files: Sequence["UploadedFile[bytes]"], by: Principal, *, token: str, place: str = ""
) -> list[Accepted]:
    """Accept each file. The same upload again (a double click) is the same arrival."""
    office = office_for(by)
    with Press() as press, tempfile.TemporaryDirectory(prefix="cc-upload-") as folder:
        return [
            accept(_source(file, Path(folder) / str(number), by, f"upload:{token}:{number}", place), office, press)
            for number, file in enumerate(files)
        ]


def office_for(by: Principal) -> Office:
    """Whose letters these are: the folder's office where the clerk serves it, else their own first."""
    usual = folder_office()
    if by.serves(usual.pk):
        return usual
    return Office.objects.filter(pk__in=by.offices or ()).order_by("pk").first() or usual


def _source(file: "UploadedFile[bytes]", path: Path, by: Principal, mark: str, place: str) -> Source:
    with path.open("wb") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
    name = (file.name or "scan").replace("\x00", "")
    return Source(path=path, name=name, door=Door.UPLOAD, mark=mark, at=timezone.now(), actor=by.actor, place=place)
